"""What networks see: a photograph's lightness, reduced; and a cache of what was computed from it.

A photograph is read once. Another request for the same photograph reuses what both have in common: reductions,
predictions and segments are cached with its proxy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.cache import LRUCache, Value
from photochrom.sampling.resize import as_image, shrink
from photochrom.values import Plane

if TYPE_CHECKING:
    import pyvips

GUIDE_SIDE: Final = 384
"""Least short side in pixels of the guide: the reduction that previews and smaller proxies are made from."""

LONGEST: Final = 4
"""Proxies are at most this many times longer than their short side; a longer strip gets a smaller one."""

CACHED_VALUES: Final = 64
"""How many values are cached for a photograph."""


class Proxy:
    """A photograph's lightness (1 band float, 0…100, any size), reduced. For one thread at a time.

    `photographs` caches the values of the last photographs by their guides: also of this one, if its guide is equal.
    """

    def __init__(self, lightness: pyvips.Image, photographs: LRUCache | None = None) -> None:
        self._lightness = lightness
        self._photographs = photographs or LRUCache(1)
        self._guides: dict[int, Plane] = {}
        self._side = 0
        self._values = LRUCache(CACHED_VALUES)

    def prepare(self, short_side: int) -> None:
        """Makes the guide exactly as large as this side needs, whatever size it had before: every value depends on
        the guide's size, and a request's result must not depend on the requests before it. A file that streams from
        top to bottom can be read only once: ask for the largest side first."""
        side = max(GUIDE_SIDE, short_side)
        if side == self._side:
            return
        if side not in self._guides:
            self._guides[side] = reduce(self._lightness, side)
        self._side = side
        photograph = self.guide.shape, hashlib.blake2b(self.guide.data).digest()
        self._values = self._photographs.get(photograph, lambda: LRUCache(CACHED_VALUES))

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
        return self.cached(("at", short_side), lambda: reduce(self.image, short_side))

    @property
    def image(self) -> pyvips.Image:
        """The guide as an image of 1 band float."""
        return as_image(self.guide)

    def cached(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value cached under `key` for a guide of this size, computed if there is none."""
        if not self._side:
            self.prepare(GUIDE_SIDE)
        return self._values.get(key, compute)


def reduce(lightness: pyvips.Image, short_side: int) -> Plane:
    """Lightness (1 band float) -> (h, w) 0…100 with this short side (a smaller picture is enlarged)."""
    scale = min(
        short_side / min(lightness.width, lightness.height),
        LONGEST * short_side / max(lightness.width, lightness.height),
    )
    height, width = (max(1, round(side * scale)) for side in (lightness.height, lightness.width))
    small = shrink(lightness, height, width)
    return np.clip(np.asarray(small.numpy(), np.float32), 0, 100)
