"""The outline of an object, for dialogs that show where it is: computed row by row with integers as sets of pixels,
since an editor's Python need not have numpy."""

from __future__ import annotations

from collections.abc import Iterator

DASH = 4
"""Length of a dash in pixels: dark and light ones take turns, so that the outline shows on any ground."""

_SET = bytes(b"01"[value >= 128] for value in range(256))


def outline(width: int, height: int, mask: bytes) -> Iterator[tuple[int, int, bool]]:
    """A mask (width · height bytes, set from 128 on) -> the pixels of it that touch one that is not set, or the
    picture's border: column, row, and whether it is in a light dash."""
    rows = [int(mask[y * width : (y + 1) * width].translate(_SET) or b"0", 2) for y in range(height)]
    for y, row in enumerate(rows):
        above, below = rows[y - 1] if y else 0, rows[y + 1] if y + 1 < height else 0
        rim = row & ~((row << 1) & (row >> 1) & above & below)
        # The highest bit is the leftmost pixel.
        for x, bit in enumerate(f"{rim:0{width}b}"):
            if bit == "1":
                yield x, y, (x + y) // DASH % 2 == 0
