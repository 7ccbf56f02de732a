"""Adjustments of predicted colors: strength, warmth, neutrals, the paper's tint.

All are pointwise on the ab map: moving a slider runs no network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.errors import BadRequest
from photochrom_client.protocol import CHROMA, MAX_TINT, NEUTRALS, WARMTH

if TYPE_CHECKING:
    from photochrom.values import Plane

WARMEST: Final = (3.0, 12.0)
"""The shift (a, b) of a warmth of 1: from daylight towards lamplight, along the daylight locus near its white."""

NEUTRAL: Final = 24.0
"""With neutrals fully protected, colors with less chroma than this fade; those below half of it almost vanish."""


@dataclass(frozen=True)
class Adjustments:
    """`chroma`: factor, 0 gray … 1 as predicted … 4. `warmth`: -1 cold … 1 warm. `neutrals`: how much of what is
    almost gray (suits, hair, snow) becomes gray, 0 none … 1 all. `tint`: (a, b) of the paper, which the colors are
    laid over: sepia is kept.

    Raises:
        BadRequest: one of them is out of its range.
    """

    chroma: float = CHROMA.default
    warmth: float = WARMTH.default
    neutrals: float = NEUTRALS.default
    tint: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        for name, range in (("chroma", CHROMA), ("warmth", WARMTH), ("neutrals", NEUTRALS)):
            if not range.least <= getattr(self, name) <= range.most:
                raise BadRequest(
                    f"{name} must be {range.least:g} to {range.most:g}.", f"It is {getattr(self, name):g}."
                )
        if not all(abs(each) <= MAX_TINT for each in self.tint):
            raise BadRequest(f"tint must be {-MAX_TINT:g} to {MAX_TINT:g} in a and b.", f"It is {self.tint}.")

    def apply(self, ab: Plane) -> Plane:
        """ab (h, w, 2) as predicted -> adjusted."""
        adjusted = ab + np.float32(self.warmth) * np.array(WARMEST, np.float32)
        if self.neutrals:
            adjusted *= _colorful(ab, self.neutrals * NEUTRAL)[..., None]
        return np.asarray(adjusted * np.float32(self.chroma) + np.array(self.tint, np.float32), np.float32)


def _colorful(ab: Plane, threshold: float) -> Plane:
    """(h, w) 0…1: 1 where the chroma reaches the threshold, falling smoothly to 0 for gray."""
    share = np.minimum(np.hypot(ab[..., 0], ab[..., 1]) / threshold, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
