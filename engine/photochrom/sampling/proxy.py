"""What networks look at: a photograph's lightness made small, and what was already found on it.

A photograph is read once. Whoever wishes for other colors of the same photograph does not wait for what both have in
common: reductions, predictions, segments stay with its proxy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.cache import Found, Known
from photochrom.sampling import upsampling

if TYPE_CHECKING:
    import pyvips

    from photochrom.values import Plane

GUIDE_SIDE: Final = 384
"""Least short side in pixels of the guide: the reduction that previews and smaller proxies are made from."""

LONGEST: Final = 4
"""Proxies are at most so many times longer than their short side; a longer strip gets a smaller one."""

MOST_FOUND: Final = 64
"""What was found on a photograph is kept so many times; then what was not asked for the longest goes."""


class Proxy:
    """A photograph's lightness (1 band float, 0…100, any size), reduced. For one thread at a time.

    `known`: what was found on the last photographs, on this one too if its guide is the same.
    """

    def __init__(self, lightness: pyvips.Image, known: Known | None = None) -> None:
        self._lightness = lightness
        self._known = known or Known(1)
        self._guides: dict[int, Plane] = {}
        self._side = 0
        self._found = Known(MOST_FOUND)

    def prepare(self, short_side: int) -> None:
        """Makes the guide as large as this takes, whatever it was before: all that is found depends on its size, and
        what comes of a wish must not depend on the wishes before it. A file that is read from top to bottom can be
        read only once: say the largest first."""
        side = max(GUIDE_SIDE, short_side)
        if side == self._side:
            return
        if side not in self._guides:
            self._guides[side] = reduce(self._lightness, side)
        self._side = side
        photograph = self.guide.shape, hashlib.blake2b(self.guide.data).digest()
        self._found = self._known.get(photograph, lambda: Known(MOST_FOUND))

    @property
    def guide(self) -> Plane:
        """The reduction that all others are made from, (h, w) 0…100."""
        if not self._side:
            self.prepare(GUIDE_SIDE)
        return self._guides[self._side]

    def at(self, short_side: int) -> Plane:
        """Lightness (h, w) 0…100 with this short side (a smaller photograph is enlarged)."""
        if short_side > self._side:
            self.prepare(short_side)
        return self.found(("at", short_side), lambda: reduce(self.image, short_side))

    @property
    def image(self) -> pyvips.Image:
        """The guide as an image of 1 band float."""
        import pyvips

        return pyvips.Image.new_from_array(self.guide)

    def found(self, what: Hashable, find: Callable[[], Found]) -> Found:
        """What `find` gives, kept under `what` for the next time that the guide is of this size."""
        if not self._side:
            self.prepare(GUIDE_SIDE)
        return self._found.get(what, find)


def reduce(lightness: pyvips.Image, short_side: int) -> Plane:
    """Lightness (1 band float) -> (h, w) 0…100 with this short side (a smaller picture is enlarged)."""
    scale = min(
        short_side / min(lightness.width, lightness.height),
        LONGEST * short_side / max(lightness.width, lightness.height),
    )
    width, height = (max(1, round(side * scale)) for side in (lightness.width, lightness.height))
    small = upsampling.shrink(lightness, width, height)
    return np.clip(np.asarray(small.numpy(), np.float32), 0, 100)
