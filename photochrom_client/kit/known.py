"""Where the colors of a photograph are known, for the engine's maps of uncertainty."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ..engine import Layer
from .guidance import Raster

SIDE = 512
"""Pixels on the long side of what is sent: finer than the map."""


class Where(NamedTuple):
    """The objects whose colors are known: width, height and float32 0…1, row after row, of the whole photograph; and
    whether those of hinted objects are, too."""

    width: int
    height: int
    data: bytes
    hints: bool = False

    def send(self, layer: Layer) -> None:
        """Gives it to the engine."""
        layer.know(self.width, self.height, self.data, self.hints)


def joined(masks: Sequence[Raster]) -> Raster:
    """Several masks of one size as one: float32 0…1, the largest of each pixel's values."""
    width, height, data = masks[0]
    for _width, _height, other in masks[1:]:
        data = array("f", map(max, memoryview(data).cast("f"), memoryview(other).cast("f"))).tobytes()
    return width, height, data
