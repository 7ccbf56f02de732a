"""Boxes of ISO's base media format, which HEIF, AVIF, JPEG 2000 and JPEG XL files are made of.

ISO/IEC 14496-12, 4.2: a length (32 bits; 1: 64 bits follow; 0: to the end), a type of four letters, the content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MAX_BOXES = 10_000
_MAX_BYTES = 64_000_000


class Box(NamedTuple):
    """A box: its type, where its content begins in the file, and how many bytes it has."""

    type: bytes
    start: int
    size: int


def walk(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes of `file` from `start` to `end`, not those within them; one that is cut off ends with the file."""
    for _ in range(_MAX_BOXES):
        file.seek(start)
        head = file.read(16)
        if start + 8 > end or len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        length = 8
        if size == 1 and len(head) == 16:
            (size,), length = struct.unpack_from(">Q", head, 8), 16
        elif size == 0:
            size = end - start
        if size < length:
            return
        yield Box(kind, start + length, min(size, end - start) - length)
        start += size


def of_file(path: Path) -> list[Box]:
    """The outermost boxes of a file; raises OSError."""
    with path.open("rb") as file:
        return list(walk(file, 0, file.seek(0, 2)))


def content(path: Path, box: Box, at_most: int = _MAX_BYTES) -> bytes:
    """The bytes of a box, `at_most` so many; raises OSError."""
    with path.open("rb") as file:
        file.seek(box.start)
        return file.read(min(box.size, at_most))
