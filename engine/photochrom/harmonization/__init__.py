"""Harmonizing: the color noise of an object gives way to the object's own color (CCC, section IV).

A segmenter finds the objects (`photochrom.segmenters`); `objects` is Algorithm 1 as it is used,
`algorithm1` as it was printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from photochrom.harmonization.objects import draw_together
from photochrom.sampling import upsampling
from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Plane, Segments

__all__ = ["harmonize"]

REDUCED: Final = 4
"""How many pixels of the segmenter's proxy, across, become one of the result, unless the colorizer gave more: where a
segment ends without an edge in the lightness, no contour is to be seen."""


def harmonize(lightness: Plane, ab: Plane, segments: Segments, strength: float = 1.0) -> Plane:
    """Lightness (h, w) 0…100 of a segmenter's proxy and its segments, ab of the same picture at any size, strength 0…1
    -> ab (h', w', 2), as large as the one given and no smaller than a quarter of the proxy, but never larger than that.

    Color is first brought to the proxy along the edges of its lightness, so that what a coarse cell mixed is on the
    right side before it is judged.

    Raises:
        BadRequest: a strength out of range.
    """
    drawn = draw_together(upsampling.along_edges(ab, lightness), segments, strength)
    height, width = (
        min(side, max(-(-side // REDUCED), given)) for side, given in zip(lightness.shape, ab.shape, strict=False)
    )
    return shrunk(drawn, height, width)
