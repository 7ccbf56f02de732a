"""WebP (RFC 9649): a RIFF file of chunks; EXIF and XMP are chunks of their own, announced by flags in `VP8X`."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, Final

from photochrom.image.metadata import exif
from photochrom.image.metadata.blocks import Notes, bounded, exif_of, merged, xmp_of
from photochrom.image.metadata.directories import Bytes
from photochrom.image.metadata.model import Metadata

_HAS_EXIF, _HAS_XMP, _HAS_ALPHA = 0x08, 0x04, 0x10
_MAX_CHUNKS: Final = 1_000_000


def read(data: Bytes) -> Metadata:
    """Reads metadata from the chunks; malformed ones are left out, with a note."""
    blocks: dict[bytes, bytes] = {}
    notes: Notes = ()
    for kind, start, size in _chunks(data):
        if kind in (b"EXIF", b"XMP ") and kind not in blocks:
            blocks[kind], more = bounded(data[start : start + min(size, 1 << 30)], "metadata")
            notes += more
        elif kind == b"C2PA":
            notes += ("its Content Credentials are valid only for the original file and are left out.",)
    found, said = exif_of(blocks.get(b"EXIF"))
    packet, said_too = xmp_of(blocks.get(b"XMP "))
    return merged(found, Metadata(xmp=packet, notes=(*said, *said_too, *notes)))


def _chunks(data: Bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset of the data, size) of each chunk in the file."""
    place = 12
    for _ in range(_MAX_CHUNKS):
        if place + 8 > len(data):
            return
        kind, size = struct.unpack("<4sI", data[place : place + 8])
        yield kind, place + 8, min(size, len(data) - place - 8)
        place += 8 + size + size % 2


def write(old: IO[bytes], new: IO[bytes], metadata: Metadata) -> Notes:
    """Copies a WebP file with this metadata in place of its own."""
    old.seek(0)
    head = old.read(4096)
    first, start, size = next(_chunks(head))
    ours = []
    if metadata.exif:
        ours.append((b"EXIF", exif.to_block(metadata.exif)))
    if metadata.xmp is not None:
        ours.append((b"XMP ", metadata.xmp))
    flags = (_HAS_EXIF if metadata.exif else 0) | (_HAS_XMP if metadata.xmp is not None else 0)
    if first == b"VP8X":
        extended = bytes([head[start] & ~(_HAS_EXIF | _HAS_XMP) | flags]) + head[start + 1 : start + 10]
        start += size
    else:
        extended = _extended(first, head[start:], flags)
        start -= 8
    new.write(b"RIFF\0\0\0\0WEBP")
    if flags or first == b"VP8X":
        _put(new, b"VP8X", extended)
    _copy_pixels(old, new, start)
    for kind, content in ours:
        _put(new, kind, content)
    end = new.tell()
    new.seek(4)
    new.write(struct.pack("<I", end - 8))
    new.seek(end)
    return ()


def _copy_pixels(old: IO[bytes], new: IO[bytes], place: int) -> None:
    """Copies every chunk from offset `place` on, except those that `write` replaces."""
    old.seek(place)
    while len(head := old.read(8)) == 8:
        kind, size = struct.unpack("<4sI", head)
        padded = size + size % 2
        if kind in (b"EXIF", b"XMP "):
            old.seek(padded, 1)
            continue
        new.write(head)
        for begin in range(0, padded, 1 << 20):
            new.write(old.read(min(1 << 20, padded - begin)))


def _extended(kind: bytes, data: bytes, flags: int) -> bytes:
    """The content of `VP8X` for a file without it: flags, width and height minus one."""
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 1)
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    else:
        width, height = (value - 1 & 0x3FFF for value in struct.unpack_from("<HH", data, 6))
        alpha = 0
    head: bytes = struct.pack("<I", flags | (_HAS_ALPHA if alpha else 0))
    return head + b"".join(int(side).to_bytes(3, "little") for side in (width, height))


def _put(new: IO[bytes], kind: bytes, content: bytes) -> None:
    new.write(struct.pack("<4sI", kind, len(content)) + content + b"\0" * (len(content) % 2))
