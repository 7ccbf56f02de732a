"""Tiles: the squares of 64 × 64 pixels that old scripts read and write drawables by."""

from __future__ import annotations

from . import buffers
from .byte_string import ByteString, raw
from .regions import PixelRgn

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

TILE = 64
AT_MOST = 256
"""So many tiles with changes wait to be written."""


class Tile:
    """`tile[x, y]` and `tile[index]` are pixels. What is written goes to GIMP when the drawable is flushed."""

    def __init__(self, drawable: Any, shadow: bool, row: int, column: int) -> None:
        x, y = int(column) * TILE, int(row) * TILE
        self.drawable, self.shadow = drawable, bool(shadow)
        self.ewidth, self.eheight = min(TILE, drawable.width - x), min(TILE, drawable.height - y)
        if x < 0 or y < 0 or self.ewidth <= 0 or self.eheight <= 0:
            raise IndexError(f"there is no tile in row {row}, column {column}")
        self._region = PixelRgn(drawable, x, y, self.ewidth, self.eheight, True, shadow)
        self.bpp = self._region.bpp
        self._data = bytearray(self._region[:, :])

    @property
    def dirty(self) -> bool:
        return self in buffers.pending

    def _place(self, key: Any) -> slice:
        index = key
        if isinstance(key, tuple):
            x, y = key
            if not (0 <= x < self.ewidth and 0 <= y < self.eheight):
                raise IndexError(f"{x}, {y} is outside the tile")
            index = y * self.ewidth + x
        if not 0 <= index < len(self):
            raise IndexError(f"{index} is outside the tile")
        return slice(index * self.bpp, (index + 1) * self.bpp)

    def __getitem__(self, key: Any) -> ByteString:
        return ByteString(self._data[self._place(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        data = raw(value)
        if len(data) != self.bpp:
            raise TypeError(f"a pixel is {self.bpp} bytes, not {len(data)}")
        self._data[self._place(key)] = data
        if self not in buffers.pending:
            if len(buffers.pending) >= AT_MOST:
                next(iter(buffers.pending)).flush()
            buffers.pending[self] = None

    def __len__(self) -> int:
        return int(self.ewidth * self.eheight)

    def flush(self) -> None:
        """Writes the changes into the drawable's buffer."""
        buffers.pending.pop(self, None)
        self._region[:, :] = self._data

    def __repr__(self) -> str:
        return f"<gimp.Tile of {self.drawable!r}: {self.ewidth}×{self.eheight}>"
