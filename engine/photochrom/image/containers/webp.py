"""WebP (RFC 9649): a RIFF file of chunks; XMP is a chunk of its own, announced by the extended header."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import IO, Final

from photochrom.image.containers.limits import Unfit, copy, exactly

_XMP: Final = b"XMP "
_HAS_XMP, _HAS_ALPHA = 0x04, 0x10
"""Flags of the extended header."""


def packet_of(file: IO[bytes]) -> bytes | None:
    for kind, size in _chunks(file):
        if kind == _XMP:
            return exactly(file, size, "its metadata")
    return None


def rewrite(old: IO[bytes], new: IO[bytes], edit: Callable[[bytes | None], bytes | None]) -> None:
    packet = edit(packet_of(old))
    new.write(b"RIFF\0\0\0\0WEBP")
    new.write(_chunk(b"VP8X", _header(old, packet is not None)))
    for kind, size in _chunks(old):
        if kind not in (_XMP, b"VP8X"):
            new.write(struct.pack("<4sI", kind, size))
            copy(old, new, size, f"its chunk {kind!r}")
            new.write(b"\0" * (size % 2))
    if packet is not None:
        new.write(_chunk(_XMP, packet))
    length = new.tell() - 8
    if length >= 1 << 32:
        raise Unfit("it would grow beyond the 4 GB that a WebP file can have", full=True)
    new.seek(4)
    new.write(struct.pack("<I", length))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(data)) + data + b"\0" * (len(data) % 2)


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """(type, size) of each chunk, with the file at its data; the caller may move it."""
    file.seek(4)
    (length,) = struct.unpack("<I", exactly(file, 4, "its head"))
    place, end = 12, 8 + length
    while place + 8 <= end:
        file.seek(place)
        kind, size = struct.unpack("<4sI", exactly(file, 8, "a chunk"))
        yield kind, size
        place += 8 + size + size % 2


def _header(file: IO[bytes], has_xmp: bool) -> bytes:
    """The extended header, the file's own or a new one for its picture, with the XMP flag set as given."""
    for kind, size in _chunks(file):
        if kind == b"VP8X":
            data = exactly(file, size, "its head")
            if len(data) < 10:
                raise Unfit("its head is too short")
            flags = data[0] | _HAS_XMP if has_xmp else data[0] & ~_HAS_XMP
            return bytes([flags]) + data[1:]
        if kind in (b"VP8 ", b"VP8L"):
            width, height, alpha = _lossy(file) if kind == b"VP8 " else _lossless(file)
            flags = (_HAS_XMP if has_xmp else 0) | (_HAS_ALPHA if alpha else 0)
            return struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    raise Unfit("it has no picture")


def _lossy(file: IO[bytes]) -> tuple[int, int, bool]:
    """Width, height and alpha (never) of a VP8 key frame (RFC 6386, 9.1)."""
    data = exactly(file, 10, "its picture")
    if data[3:6] != b"\x9d\x01\x2a":
        raise Unfit("its picture does not begin as VP8 does")
    width, height = struct.unpack("<HH", data[6:])
    return width & 0x3FFF, height & 0x3FFF, False


def _lossless(file: IO[bytes]) -> tuple[int, int, bool]:
    """Width, height and whether there is alpha, of a VP8L picture (RFC 9649, 3.4)."""
    data = exactly(file, 5, "its picture")
    if data[0] != 0x2F:
        raise Unfit("its picture does not begin as VP8L does")
    (bits,) = struct.unpack("<I", data[1:])
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
