"""TIFF 6.0 and BigTIFF: directories of tags; XMP is the bytes of tag 700 in the first one (ISO 16684-3).

The packet and a new first directory are appended; everything else stays in place.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from typing import IO, Final

from photochrom.image.containers.limits import PIECE, Unfit, exactly, seek
from photochrom.image.metadata.directories import Layout

_XMP: Final = 700
_BYTE: Final = 1
_SIZES: Final = {1: 1, 2: 1, 6: 1, 7: 1, 4: 4, 9: 4}
"""Bytes per value of the field types that packets occur in."""

_MOST_ENTRIES: Final = 4096


_Entry = tuple[int, int, int, bytes]
"""Tag, field type, count, and the field with the value or its offset."""


def packet_of(file: IO[bytes]) -> bytes | None:
    layout = _layout(file)
    entries, _following = _directory(file, layout)
    return _packet(file, layout, entries)


def rewrite(old: IO[bytes], new: IO[bytes], edit: Callable[[bytes | None], bytes | None]) -> None:
    layout = _layout(old)
    entries, following = _directory(old, layout)
    packet = edit(_packet(old, layout, entries))
    kept = [entry for entry in entries if entry[0] != _XMP]
    old.seek(0)
    shutil.copyfileobj(old, new, PIECE)
    if packet is not None:
        kept.append((_XMP, _BYTE, len(packet), struct.pack(layout.offset, _append(new, layout, packet))))
    lines = [struct.pack(layout.entry, *entry) for entry in sorted(kept, key=lambda entry: entry[0])]
    directory = struct.pack(layout.count, len(lines)) + b"".join(lines) + struct.pack(layout.offset, following)
    place = _append(new, layout, directory)
    new.seek(layout.first)
    new.write(struct.pack(layout.offset, place))


def _layout(file: IO[bytes]) -> Layout:
    file.seek(0)
    return Layout.of(exactly(file, 4, "its head"))


def _directory(file: IO[bytes], layout: Layout) -> tuple[list[_Entry], int]:
    """The entries of the first directory, and the offset of the next one (0: none)."""
    file.seek(layout.first)
    (place,) = _unpack(file, layout.offset)
    if place < 8:
        raise Unfit("it has no directory")
    seek(file, place, "its directory")
    (count,) = _unpack(file, layout.count)
    if count > _MOST_ENTRIES:
        raise Unfit(f"its directory claims to have {count} tags")
    entries: list[_Entry] = [_unpack(file, layout.entry) for _ in range(count)]  # type: ignore[misc]
    (following,) = _unpack(file, layout.offset)
    return entries, following


def _packet(file: IO[bytes], layout: Layout, entries: list[_Entry]) -> bytes | None:
    for tag, kind, count, field in entries:
        if tag == _XMP:
            size = count * _SIZES.get(kind, 1)
            if size <= len(field):
                return field[:size]
            seek(file, struct.unpack(layout.offset, field)[0], "its metadata")
            return exactly(file, size, "its metadata")
    return None


def _append(file: IO[bytes], layout: Layout, data: bytes) -> int:
    """Appends `data` at an even offset, and returns that. Raises Unfit if the file's offsets cannot reach it."""
    end = file.seek(0, 2)
    place = end + end % 2
    if not layout.big and place + len(data) >= 1 << 32:
        raise Unfit("it would grow beyond the 4 GB that a classic TIFF file can have", full=True)
    file.write(b"\0" * (place - end) + data)
    return place


def _unpack(file: IO[bytes], form: str) -> tuple[int, ...]:
    return struct.unpack(form, exactly(file, struct.calcsize(form), "its directory"))
