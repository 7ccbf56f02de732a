"""Boxes of the ISO base media file format, which HEIF, AVIF, JPEG 2000 and JPEG XL files consist of.

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
    """A box: its type, the offset of its content in the file, and the content's size in bytes."""

    type: bytes
    start: int
    size: int


def walk(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Yields the boxes of `file` from `start` to `end`, not nested ones; a truncated one ends with the file."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:  # asked first: no file can be sought at every place that 64 bits name
            return
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
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
    """The top-level boxes of a file; raises OSError."""
    with path.open("rb") as file:
        return list(walk(file, 0, file.seek(0, 2)))


def content(path: Path, box: Box, at_most: int = _MAX_BYTES) -> bytes:
    """The first `at_most` bytes of a box; raises OSError."""
    with path.open("rb") as file:
        file.seek(box.start)
        return file.read(min(box.size, at_most))
