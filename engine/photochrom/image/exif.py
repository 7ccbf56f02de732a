"""EXIF and descriptive tags of TIFF files, which libvips does not carry over.

TIFF 6.0, section 2 (image file directories), the BigTIFF layout of libtiff, EXIF 2.32, 4.6.2: an EXIF block
is a small TIFF file, so one reader serves both. What is kept are the tags that describe the photograph;
those that describe the file (sizes, strips, compression, profile, XMP) belong to its writer.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 1, 7: 1, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4, 16: 8, 18: 8}
"""Bytes of the number in each field type (rationals: of each half), to change the byte order."""

_NUMBERS: Final = {5: 2, 10: 2}
"""Numbers in one value, where it is not one."""

DESCRIPTIVE: Final = frozenset({269, 270, 271, 272, 285, 305, 306, 315, 316, 33432, 33723})
"""Document, description, make, model, page, software, date, artist, computer, copyright, IPTC."""

IPTC: Final = 33723
"""The tag of IPTC-IIM data, and"""

BYTES: Final = 7
"""the field type of uninterpreted bytes."""

_PHOTO_IFD, _GPS_IFD = 34665, 34853

_OF_THE_FILE: Final = frozenset({40962, 40963, 40965})
"""EXIF tags that are not the photograph's: width, height, interoperability."""

_MAX_ENTRIES: Final = 4096
_MAX_BYTES: Final = 16_000_000

_Bytes = bytes | mmap.mmap
_Directory = Mapping[int, tuple[int, bytes]]
"""Tag to field type and values, little-endian."""


@dataclass(frozen=True)
class Exif:
    """Descriptive tags of the image, EXIF tags of the photograph, GPS tags."""

    image: _Directory = field(default_factory=dict)
    photo: _Directory = field(default_factory=dict)
    gps: _Directory = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.image or self.photo or self.gps)


def of_tiff(path: Path) -> Exif:
    """The tags of the first page of a TIFF file; none where they make no sense."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _read(data)
    except (OSError, ValueError, struct.error):
        return Exif()


def of_block(block: bytes) -> Exif:
    """The tags of an EXIF block ("Exif\\0\\0" and a TIFF structure); none where they make no sense."""
    try:
        return _read(block.removeprefix(b"Exif\0\0"))
    except (ValueError, struct.error):
        return Exif()


@dataclass(frozen=True)
class _Layout:
    """How numbers and directories are written: byte order, and classic (32-bit) or big (64-bit) offsets."""

    order: str
    big: bool

    @property
    def offset(self) -> str:
        return self.order + ("Q" if self.big else "I")

    @property
    def count(self) -> str:
        return self.order + ("Q" if self.big else "H")

    @property
    def entry(self) -> str:
        return self.order + ("HHQ8s" if self.big else "HHI4s")

    @property
    def first(self) -> int:
        """Where the offset of the first directory stands."""
        return 8 if self.big else 4


def _layout(data: _Bytes) -> _Layout:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise ValueError("no TIFF structure")
    (version,) = struct.unpack_from(order + "H", data, 2)
    return _Layout(order, version == 43)


def _entries(data: _Bytes, layout: _Layout, place: int) -> tuple[list[tuple[int, int, int, bytes]], int]:
    """(tag, type, count, value field) of the directory at `place`, and where it ends."""
    (count,) = struct.unpack_from(layout.count, data, place)
    if count > _MAX_ENTRIES:
        raise ValueError("absurd number of tags")
    start, size = place + struct.calcsize(layout.count), struct.calcsize(layout.entry)
    return (
        [struct.unpack_from(layout.entry, data, start + i * size) for i in range(count)],
        start + count * size,
    )


def _swapped(kind: int, values: bytes, order: str) -> bytes:
    """The values between little-endian and `order`."""
    size = _SIZES[kind]
    if order == "<" or size == 1:
        return values
    return b"".join(values[i : i + size][::-1] for i in range(0, len(values), size))


def _directory(data: _Bytes, layout: _Layout, place: int) -> dict[int, tuple[int, bytes]]:
    tags = {}
    for tag, kind, count, value in _entries(data, layout, place)[0]:
        if kind not in _SIZES:
            continue
        size = _SIZES[kind] * _NUMBERS.get(kind, 1) * count
        if size > _MAX_BYTES:
            continue
        if size > len(value):
            (at,) = struct.unpack(layout.offset, value)
            value = data[at : at + size]  # noqa: PLW2901
        if len(value) >= size:
            tags[tag] = (kind, _swapped(kind, value[:size], layout.order))
    return tags


def _pointer(tags: _Directory, tag: int) -> int | None:
    kind, values = tags.get(tag, (0, b""))
    return int.from_bytes(values, "little") if kind in (4, 13, 16, 18) else None


def _read(data: _Bytes) -> Exif:
    layout = _layout(data)
    (first,) = struct.unpack_from(layout.offset, data, layout.first)
    tags = _directory(data, layout, first)
    photo, gps = _pointer(tags, _PHOTO_IFD), _pointer(tags, _GPS_IFD)
    return Exif(
        {tag: value for tag, value in tags.items() if tag in DESCRIPTIVE},
        {
            tag: value
            for tag, value in (_directory(data, layout, photo) if photo else {}).items()
            if tag not in _OF_THE_FILE
        },
        _directory(data, layout, gps) if gps else {},
    )


class _Writer:
    """Directories and their values, appended from the offset `start` of a file."""

    def __init__(self, layout: _Layout, start: int) -> None:
        self.layout = layout
        self.start = start
        self.data = bytearray()

    def _place(self, values: bytes) -> int:
        self.data += b"\0" * (-(self.start + len(self.data)) % 8)
        place = self.start + len(self.data)
        self.data += values
        return place

    def entry(self, tag: int, kind: int, values: bytes) -> bytes:
        room = 8 if self.layout.big else 4
        count = len(values) // (_SIZES[kind] * _NUMBERS.get(kind, 1))
        values = _swapped(kind, values, self.layout.order)
        if len(values) > room:
            values = struct.pack(self.layout.offset, self._place(values))
        return struct.pack(self.layout.entry, tag, kind, count, values.ljust(room, b"\0"))

    def directory(self, entries: list[bytes], following: int = 0) -> int:
        in_order = sorted(entries, key=lambda entry: struct.unpack_from(self.layout.order + "H", entry))
        end = struct.pack(self.layout.offset, following)
        return self._place(struct.pack(self.layout.count, len(entries)) + b"".join(in_order) + end)

    def exif(self, exif: Exif) -> list[bytes]:
        """The entries of `exif` for the first directory; its sub-directories are written."""
        entries = [self.entry(tag, *value) for tag, value in exif.image.items()]
        for tag, tags in ((_PHOTO_IFD, exif.photo), (_GPS_IFD, exif.gps)):
            if tags:
                place = self.directory([self.entry(inner, *value) for inner, value in tags.items()])
                kind, size = (16, 8) if self.layout.big else (4, 4)
                entries.append(self.entry(tag, kind, place.to_bytes(size, "little")))
        return entries


def to_block(exif: Exif) -> bytes:
    """The EXIF block ("Exif\\0\\0" and a TIFF structure) of these tags, IPTC left out."""
    layout = _Layout("<", big=False)
    writer = _Writer(layout, start=8)
    image = {tag: value for tag, value in exif.image.items() if tag != IPTC}
    first = writer.directory(writer.exif(Exif(image, exif.photo, exif.gps)))
    return b"Exif\0\0II*\0" + struct.pack("<I", first) + bytes(writer.data)


def append_to_tiff(path: Path, exif: Exif) -> None:
    """Adds the tags to the first page of a TIFF file, in place of those it has; raises OSError.

    A new directory is written at the end; pixels stay where they are.
    """
    with path.open("r+b") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            layout = _layout(data)
            (first,) = struct.unpack_from(layout.offset, data, layout.first)
            entries, end = _entries(data, layout, first)
            (following,) = struct.unpack_from(layout.offset, data, end)
        replaced = {*exif.image, _PHOTO_IFD, _GPS_IFD}
        kept = [struct.pack(layout.entry, *entry) for entry in entries if entry[0] not in replaced]
        writer = _Writer(layout, start=file.seek(0, 2))
        place = writer.directory([*kept, *writer.exif(exif)], following)
        file.write(writer.data)
        file.seek(layout.first)
        file.write(struct.pack(layout.offset, place))
