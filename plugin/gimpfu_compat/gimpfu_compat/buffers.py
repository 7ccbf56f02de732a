"""GEGL buffers of drawables: one for each (drawable, shadow) in the process.

Two buffers of one drawable have caches of their own and lose each other's writes. GEGL itself is started when pixels
are first touched: that takes about a second.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_int

from .libraries import GIMP, Double, Int, Pointer, Text, encode, function, load, unref
from .procedures import Pixels

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Pending(Protocol):
        """Something that keeps pixels to be written later: a tile."""

        def flush(self) -> None: ...


GEGL = load("gegl-0.4")
BABL = load("babl-0.1")


CLAMP = 1
"""GEGL_ABYSS_CLAMP."""


class Rectangle(Structure):
    """GeglRectangle."""

    _fields_ = (("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int))


_start = function(GEGL, "gegl_init", None, Pointer, Pointer)
_get = function(GEGL, "gegl_buffer_get", None, Pointer, POINTER(Rectangle), Double, Pointer, Pointer, Int, Int)
_set = function(GEGL, "gegl_buffer_set", None, Pointer, POINTER(Rectangle), Int, Pointer, Pointer, Int)
_flush = function(GEGL, "gegl_buffer_flush", None, Pointer)
_open_buffer = function(GIMP, "gimp_drawable_get_buffer", Pointer, Int)
_open_shadow = function(GIMP, "gimp_drawable_get_shadow_buffer", Pointer, Int)
_format_of = function(GIMP, "gimp_drawable_get_format", Pointer, Int)
_format = function(BABL, "babl_format", Pointer, Text)
_exists = function(BABL, "babl_format_exists", Int, Text)
bytes_per_pixel = function(BABL, "babl_format_get_bytes_per_pixel", Int, Pointer)


_buffers: dict[tuple[int, bool], int] = {}
_written: set[tuple[int, bool]] = set()
with_shadow: set[int] = set()
"""Drawables whose shadow has been used: GIMP complains of merging one that was not."""

pending: dict[Pending, None] = {}
"""Tiles with changes, the oldest first."""


def start() -> None:
    """Starts GEGL, once."""
    if Pixels.settle is None:
        _start(None, None)
        Pixels.settle = settle


def format_named(name: str) -> int:
    """The babl format of a name such as `R'G'B'A u8`. Raises ValueError for an unknown one."""
    start()
    if not _exists(encode(name)):
        raise ValueError(f"no pixel format {name!r}")
    return int(_format(encode(name)))


def native_format(drawable: int) -> int:
    start()
    return int(_format_of(drawable))


def _buffer(drawable: int, shadow: bool) -> int:
    key = (drawable, shadow)
    buffer = _buffers.get(key)
    if buffer is None:
        if shadow:
            with_shadow.add(drawable)
        buffer = (_open_shadow if shadow else _open_buffer)(drawable)
        if not buffer:
            raise ValueError(f"there is no drawable {drawable}")
        _buffers[key] = buffer
    return buffer


def read(drawable: int, shadow: bool, rectangle: Rectangle, layout: int, memory: Any) -> None:
    """Copies a rectangle into memory, which must be large enough, in a babl format."""
    read_at((drawable, shadow), rectangle, layout, memory)


def read_at(key: tuple[int, bool], rectangle: Rectangle, layout: int, memory: Any) -> None:
    """The same by the drawable's number and whether its shadow is meant: for single pixels, where each step counts."""
    if pending:
        _write_pending()
    _get(_buffers.get(key) or _buffer(*key), rectangle, 1.0, layout, memory, 0, 0)


def read_reduced(drawable: int, rectangle: Rectangle, scale: float, layout: int, memory: Any) -> None:
    """Copies a rectangle of the drawable as it is at a scale below 1; beyond its edges, what is on them."""
    if pending:
        _write_pending()
    _get(_buffer(drawable, False), byref(rectangle), scale, layout, memory, 0, CLAMP)


def write(drawable: int, shadow: bool, rectangle: Rectangle, layout: int, memory: Any) -> None:
    """Copies memory into a rectangle. GIMP has it after a flush."""
    _set(_buffer(drawable, shadow), byref(rectangle), 0, layout, memory, 0)
    _written.add((drawable, shadow))


def flush(drawable: int | None = None) -> None:
    """Hands what has been written to a drawable, or to all, to GIMP."""
    if pending:
        _write_pending()
    if _written:
        for key in [key for key in _written if drawable in (None, key[0])]:
            _written.discard(key)
            _flush(_buffers[key])


def drop(drawable: int | None = None) -> None:
    """Flushes, and forgets the buffers: the next access sees what GIMP has then."""
    flush(drawable)
    for key in [key for key in _buffers if drawable in (None, key[0])]:
        unref(_buffers.pop(key))


def settle(touches: int) -> None:
    """Before a procedure of GIMP's that reads (1) or changes (2) pixels."""
    if touches > 1:
        drop()
    else:
        flush()


def _write_pending() -> None:
    tiles = list(pending)
    pending.clear()
    for tile in tiles:
        tile.flush()


def memory_of(data: bytes | bytearray | memoryview) -> Any:
    """The address of data without a copy; the data must be held meanwhile."""
    if isinstance(data, bytes):
        return ctypes.cast(ctypes.c_char_p(data), Pointer)
    return ctypes.addressof(ctypes.c_char.from_buffer(data))
