"""Pixel regions: rectangles of a drawable, read and written by index."""

from __future__ import annotations

import ctypes

from . import buffers
from .buffers import Rectangle
from .byte_string import ByteString, raw, to_be_filled

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any


def format_of(drawable: Any) -> int:
    """gimpfu knows 8 bits a channel, whatever the image has. Indexed drawables have indices."""
    name = drawable.formats.get(drawable.type)
    return buffers.format_named(name) if name else buffers.native_format(drawable.ID)


class PixelRgn:
    """`region[x, y]` is a pixel, `region[x1:x2, y1:y2]` a rectangle, row by row, in the drawable's coordinates.

    Pixels are bytes that index as in Python 2. Text of one character a byte, bytes, arrays and lists are written.
    """

    def __init__(
        self, drawable: Any, x: int, y: int, width: int, height: int, dirty: bool = True, shadow: bool = False
    ) -> None:
        self.drawable = drawable
        self.dirty, self.shadow = bool(dirty), bool(shadow)
        self._format = format_of(drawable)
        self.bpp = int(buffers.bytes_per_pixel(self._format))
        self._pixel = ctypes.create_string_buffer(self.bpp)
        self._one = Rectangle(0, 0, 1, 1)
        self._key = drawable.ID, self.shadow
        self.resize(x, y, width, height)

    def resize(self, x: int, y: int, width: int, height: int) -> None:
        """Makes it another rectangle of the same drawable."""
        self.x, self.y, self.w, self.h = int(x), int(y), int(width), int(height)
        self.rowstride = self.bpp * self.w

    def flush(self) -> None:
        buffers.flush(self.drawable.ID)

    def _single(self, key: Any) -> Rectangle | None:
        """The rectangle of one pixel, or None where the key is not two numbers."""
        x, y = key
        if type(x) is not int or type(y) is not int:
            return None
        if not (self.x <= x < self.x + self.w and self.y <= y < self.y + self.h):
            raise IndexError(f"{x}, {y} is outside the region")
        self._one.x, self._one.y = x, y
        return self._one

    def _rectangle(self, key: Any) -> Rectangle:
        x, width = _span(key[0], self.x, self.w)
        y, height = _span(key[1], self.y, self.h)
        return Rectangle(x, y, width, height)

    def __getitem__(self, key: Any) -> ByteString:
        rectangle = self._single(key)
        if rectangle is not None:
            buffers.read_at(self._key, rectangle, self._format, self._pixel)
            return ByteString(self._pixel)
        rectangle = self._rectangle(key)
        size = rectangle.width * rectangle.height * self.bpp
        pixels, memory = to_be_filled(size)
        buffers.read(self.drawable.ID, self.shadow, rectangle, self._format, memory)
        return pixels

    def __setitem__(self, key: Any, value: Any) -> None:
        rectangle = self._single(key) or self._rectangle(key)
        data = raw(value)
        wanted = rectangle.width * rectangle.height * self.bpp
        if len(data) != wanted:
            size = f"{rectangle.width}×{rectangle.height}"
            raise TypeError(f"{size} pixels are {wanted} bytes, not {len(data)}")
        buffers.write(self.drawable.ID, self.shadow, rectangle, self._format, buffers.memory_of(data))

    def __repr__(self) -> str:
        return f"<gimp.PixelRgn of {self.drawable!r}: {self.w}×{self.h} at {self.x}, {self.y}>"


def _span(key: Any, begin: int, length: int) -> tuple[int, int]:
    """Where an index or slice begins, and how long it is. Raises IndexError outside the region."""
    end = begin + length
    if not isinstance(key, slice):
        start, stop = int(key), int(key) + 1
    elif key.step not in (None, 1):
        raise IndexError("a region has no slices with a step")
    else:
        start = begin if key.start is None else int(key.start)
        stop = end if key.stop is None else min(end, int(key.stop))
    if not begin <= start < stop <= end:
        raise IndexError(f"{key} is outside {begin}…{end}")
    return start, stop - start
