"""Single pixels of a drawable, also beyond its edges: what old filters look at around a pixel."""

from __future__ import annotations

import ctypes

from . import buffers
from .buffers import Rectangle, bytes_per_pixel
from .byte_string import ByteString, raw
from .colors import to_rgb
from .regions import format_of

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

NONE, WRAP, SMEAR, BLACK, BACKGROUND = range(5)
"""GimpPixelFetcherEdgeMode: what is beyond the edges."""


class PixelFetcher:
    """`fetcher[x, y]` is a pixel as regions have it. Beyond the edges it is, by `edge_mode`, nothing but zeros (NONE,
    BLACK), the drawable once more (WRAP), what is on its edge (SMEAR), or `bg_color` (BACKGROUND); nothing is written
    there.
    """

    def __init__(self, drawable: Any, shadow: bool = False, bg_color: Any = (0, 0, 0), edge_mode: int = NONE) -> None:
        self.drawable, self.shadow = drawable, bool(shadow)
        self.bg_color, self.edge_mode = bg_color, int(edge_mode)
        self._key = drawable.ID, self.shadow
        self._width, self._height = drawable.width, drawable.height
        self._format = format_of(drawable)
        self.bpp = int(bytes_per_pixel(self._format))
        self._pixel = ctypes.create_string_buffer(self.bpp)
        self._one = Rectangle(0, 0, 1, 1)

    def __getitem__(self, place: tuple[int, int]) -> ByteString:
        x, y = place
        if not self._inside(x, y):
            if self.edge_mode == WRAP:
                x, y = x % self._width, y % self._height
            elif self.edge_mode == SMEAR:
                x, y = min(max(x, 0), self._width - 1), min(max(y, 0), self._height - 1)
            else:
                return self._beyond()
        self._one.x, self._one.y = x, y
        buffers.read_at(self._key, self._one, self._format, self._pixel)
        return ByteString(self._pixel)

    def __setitem__(self, place: tuple[int, int], value: Any) -> None:
        data = raw(value)
        if len(data) != self.bpp:
            raise TypeError(f"a pixel is {self.bpp} bytes, not {len(data)}")
        if self._inside(*place):
            self._one.x, self._one.y = place
            buffers.write(*self._key, self._one, self._format, buffers.memory_of(data))

    def _inside(self, x: int, y: int) -> bool:
        return bool(0 <= x < self._width and 0 <= y < self._height)

    def _beyond(self) -> ByteString:
        if self.edge_mode != BACKGROUND:
            return ByteString(bytes(self.bpp))
        channels = [round(255 * float(channel)) for channel in to_rgb(self.bg_color).channels]
        gray = round(0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2])
        color = channels[:3] if self.bpp > 2 else [gray]
        return ByteString(bytes([*color, channels[3]][: self.bpp]))
