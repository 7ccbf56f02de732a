"""Limits and checks common to all containers."""

from __future__ import annotations

import os
import zlib
from typing import IO, Final

MOST_PACKET: Final = 64 << 20
"""Maximum bytes of XMP: far more than any program writes, few enough to hold in memory."""

PIECE: Final = 1 << 20
"""Bytes copied at a time."""


class Unfit(ValueError):
    """The file is damaged, or (`full`) its container cannot hold the packet."""

    def __init__(self, why: str, *, full: bool = False) -> None:
        super().__init__(why)
        self.full = full


def seek(file: IO[bytes], place: int, what: str) -> None:
    """Goes to `place`, which the file names. Raises Unfit beyond its end, where `IO.seek` may fail in its own ways."""
    if place > file.seek(0, os.SEEK_END):
        raise Unfit(f"it ends before {what}")
    file.seek(place)


def exactly(file: IO[bytes], count: int, what: str) -> bytes:
    """Reads the next `count` bytes. Raises Unfit if the file ends earlier."""
    if count > MOST_PACKET:
        raise Unfit(f"{what} claims to have {count} bytes")
    data = file.read(count)
    if len(data) < count:
        raise Unfit(f"it ends within {what}")
    return data


def copy(old: IO[bytes], new: IO[bytes], count: int, what: str) -> None:
    """Copies the next `count` bytes. Raises Unfit if the file ends earlier."""
    while count:
        data = old.read(min(count, PIECE))
        if not data:
            raise Unfit(f"it ends within {what}")
        new.write(data)
        count -= len(data)


def inflated(data: bytes, what: str) -> bytes:
    """Decompresses zlib data, up to `MOST_PACKET` bytes. Raises Unfit."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, MOST_PACKET)
    except zlib.error as error:
        raise Unfit(f"{what} cannot be unpacked: {error}") from error
    if unpacking.unconsumed_tail:
        raise Unfit(f"{what} unpacks to more than {MOST_PACKET >> 20} MB")
    return found
