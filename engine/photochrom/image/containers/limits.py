"""What is refused, whatever the container."""

from __future__ import annotations

import zlib
from typing import IO, Final

MOST_PACKET: Final = 64 << 20
"""Bytes of XMP: far more than any program writes, little enough to hold in memory."""

PIECE: Final = 1 << 20
"""Bytes that are copied at once."""


class Unfit(ValueError):
    """A file that is damaged, or (`full`) one whose container has no room for the packet."""

    def __init__(self, why: str, *, full: bool = False) -> None:
        super().__init__(why)
        self.full = full


def exactly(file: IO[bytes], count: int, what: str) -> bytes:
    """The next `count` bytes. Raises Unfit where the file ends before."""
    if count > MOST_PACKET:
        raise Unfit(f"{what} claims to have {count} bytes")
    data = file.read(count)
    if len(data) < count:
        raise Unfit(f"it ends within {what}")
    return data


def copy(old: IO[bytes], new: IO[bytes], count: int, what: str) -> None:
    """Copies the next `count` bytes. Raises Unfit where the file ends before."""
    while count:
        data = old.read(min(count, PIECE))
        if not data:
            raise Unfit(f"it ends within {what}")
        new.write(data)
        count -= len(data)


def inflated(data: bytes, what: str) -> bytes:
    """What zlib has compressed, at most `MOST_PACKET` of it. Raises Unfit."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, MOST_PACKET)
    except zlib.error as error:
        raise Unfit(f"{what} cannot be unpacked: {error}") from error
    if unpacking.unconsumed_tail:
        raise Unfit(f"{what} unpacks to more than {MOST_PACKET >> 20} MB")
    return found
