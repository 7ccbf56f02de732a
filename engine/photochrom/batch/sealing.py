"""The seal of a photograph's tones, taken while its color version is composed: no further pass over its pixels."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from photochrom.image.tone_seal import quantized
from photochrom.sampling.upsampling import Coefficients, FullSize

if TYPE_CHECKING:
    from photochrom.values import Plane


class Sealing(FullSize):
    """The ab of a whole picture, as `FullSize`, whose rows are asked for once, from top to bottom, by one thread."""

    def __init__(self, coefficients: Coefficients, height: int, width: int) -> None:
        super().__init__(coefficients, height, width)
        self._digest, self._seen = hashlib.sha256(), 0

    def rows(self, lightness: Plane, top: int) -> tuple[Plane, Plane]:
        """See `FullSize`."""
        if top == self._seen:
            self._digest.update(quantized(lightness).data)
            self._seen += len(lightness)
        return super().rows(lightness, top)

    @property
    def seal(self) -> str | None:
        """`tone_seal.seal` of the picture; None where it was not composed row by row."""
        return self._digest.hexdigest() if self._seen == self.height else None
