"""PNG (W3C, third edition): chunks of length, type, data and CRC; XMP is an `iTXt` chunk (ISO 16684-3).

Some programs write it as `zTXt`, or in hexadecimal under the name "Raw profile type xmp": these are read, and replaced
by the standard's form.
"""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Final

from photochrom.image.containers.limits import PIECE, Unfit, copy, exactly, inflated

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORD: Final = b"XML:com.adobe.xmp"
_RAW: Final = b"Raw profile type xmp"
_TEXTS: Final = frozenset({b"iTXt", b"zTXt", b"tEXt"})


def chunk(kind: bytes, data: bytes) -> bytes:
    """Returns a complete chunk."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def xmp_chunk(packet: bytes) -> bytes:
    """Returns the chunk for a packet in UTF-8: uncompressed, without language and translated keyword."""
    return chunk(b"iTXt", _KEYWORD + b"\0\0\0\0\0" + packet)


def packet_of(file: IO[bytes]) -> bytes | None:
    for kind, size in _chunks(file):
        if kind in _TEXTS and _is_xmp(file):
            return _packet(kind, exactly(file, size, "its metadata"))
    return None


def rewrite(old: IO[bytes], new: IO[bytes], edit: Callable[[bytes | None], bytes | None]) -> None:
    packet = edit(packet_of(old))
    new.write(_SIGNATURE)
    for kind, size in _chunks(old):
        if kind in _TEXTS and _is_xmp(old):
            continue
        new.write(struct.pack(">I4s", size, kind))
        copy(old, new, size + 4, f"its chunk {kind!r}")
        if kind == b"IHDR" and packet is not None:
            new.write(xmp_chunk(packet))
    shutil.copyfileobj(old, new, PIECE)  # Trailing data is kept.


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """(type, size) of each chunk, with the file at its data; the caller may move it."""
    file.seek(len(_SIGNATURE))
    while True:
        size, kind = struct.unpack(">I4s", exactly(file, 8, "a chunk"))
        start = file.tell()
        yield kind, size
        file.seek(start + size + 4)
        if kind == b"IEND":
            return


def _is_xmp(file: IO[bytes]) -> bool:
    """Whether the text chunk here contains XMP; keeps the file's position."""
    start = file.tell()
    head = file.read(len(_RAW) + 1)
    file.seek(start)
    return head.startswith((_KEYWORD + b"\0", _RAW + b"\0"))


def _packet(kind: bytes, data: bytes) -> bytes:
    keyword, _, text = data.partition(b"\0")
    if kind == b"iTXt":
        if len(text) < 4:
            raise Unfit("its metadata has no content")
        compressed = text[0]
        text = text[2:].partition(b"\0")[2].partition(b"\0")[2]  # after the language, after the translated keyword
        text = inflated(text, "its metadata") if compressed else text
    elif kind == b"zTXt":
        text = inflated(text[1:], "its metadata")
    if keyword == _RAW:  # a line break, "xmp", the number of bytes, then those in hexadecimal
        try:
            text = bytes.fromhex(text.split(maxsplit=2)[2].decode("ascii"))
        except (IndexError, ValueError) as error:
            raise Unfit("its metadata is not in hexadecimal") from error
    return text
