"""Harmonization: color noise within an object is drawn to the object's own color (CCC, section IV).

`objects` is our version of Algorithm 1, `algorithm1` the published one. A segmenter finds the objects
(`photochrom.segmenters`). `recolor` gives one object another color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from photochrom.harmonization.dominant_color import draw_together
from photochrom.sampling import upsampling
from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Plane, Segments

__all__ = ["harmonize"]

REDUCED: Final = 4
"""Factor by which the result is smaller than the segmenter's proxy, unless the prediction is larger: a segment that
ends without an edge in lightness then shows no contour."""


def harmonize(lightness: Plane, ab: Plane, segments: Segments, strength: float = 1.0) -> Plane:
    """Lightness (h, w) 0…100 of a segmenter's proxy and its segments, ab of the same picture at any size, strength 0…1
    -> ab (h', w', 2), as large as the one given and no smaller than a quarter of the proxy, but never larger than that.

    ab is first upsampled to the proxy along the edges of its lightness, so that colors mixed in a coarse cell are on
    the right side of an edge before they are compared.

    Raises:
        BadRequest: the strength is out of range.
    """
    drawn = draw_together(upsampling.along_edges(ab, lightness), segments, strength)
    height, width = (
        min(side, max(-(-side // REDUCED), given)) for side, given in zip(lightness.shape, ab.shape, strict=False)
    )
    return shrunk(drawn, height, width)
