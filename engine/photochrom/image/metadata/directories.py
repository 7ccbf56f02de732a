"""Image file directories of TIFF files and EXIF blocks (TIFF 6.0, section 2; BigTIFF; EXIF 3.0, 4.6.2).

Values are held in little-endian order, whatever the file's byte order, so that they can move between files.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from photochrom.image.file_view import FileView

SIZES: Final = {
    **{1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 1, 7: 1, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8},
    129: 1,
}
"""Bytes per number of each field type (rationals: of numerator and denominator each), for byte swapping."""

_NUMBERS: Final = {5: 2, 10: 2}
"""Numbers per value, for field types with more than one."""

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, UTF8 = 1, 2, 3, 4, 5, 7, 129
POINTERS: Final = frozenset({13, 18})
"""Field types that are offsets in the file."""

_MAX_ENTRIES: Final = 4096
_MAX_BYTES: Final = 64 << 20

Bytes = bytes | FileView
Values = tuple[int, bytes]
"""Field type and values, little-endian."""
Directory = Mapping[int, Values]
"""Tags to their values."""


@dataclass(frozen=True)
class Layout:
    """Encoding of a file: byte order, and classic (32-bit) or big (64-bit) offsets."""

    order: str
    big: bool

    @classmethod
    def of(cls, head: bytes) -> Layout:
        """That of a file with these first four bytes; without "II" at their beginning, "MM" is taken for granted."""
        order = "<" if head.startswith(b"II") else ">"
        return cls(order, struct.unpack(order + "H", head[2:4])[0] == 43)

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
        """Position of the offset of the first directory."""
        return 8 if self.big else 4


@dataclass(frozen=True)
class Entry:
    """A tag's entry in a directory; `field` holds its values or their offset."""

    tag: int
    kind: int
    count: int
    field: bytes

    @property
    def size(self) -> int:
        """Bytes of the values; 0 for unknown field types."""
        return SIZES.get(self.kind, 0) * _NUMBERS.get(self.kind, 1) * self.count


class Structure:
    """A TIFF structure to read. Methods raise ValueError if it is malformed.

    `lost` counts the tags whose values lie outside it.
    """

    def __init__(self, data: Bytes) -> None:
        if data[:2] not in (b"II", b"MM") or len(data) < 8:
            raise ValueError("no TIFF structure")
        self.data = data
        self.layout = Layout.of(data[:4])
        self.lost = 0
        self._read = 0

    def first(self) -> int:
        """Offset of the first directory."""
        return self._offset(self.layout.first)

    def place(self, page: int) -> int:
        """Offset of the directory of that page, counted from 0."""
        place, seen = self.first(), set[int]()
        for _ in range(page):
            if place in seen or place == 0:
                raise ValueError("no such page")
            seen.add(place)
            place = self.entries(place)[1]
        if place == 0:
            raise ValueError("no such page")
        return place

    def entries(self, place: int) -> tuple[list[Entry], int]:
        """The entries of the directory at `place`, and the offset of the next one (0: none)."""
        count = self._number(self.layout.count, place)
        if count > _MAX_ENTRIES:
            raise ValueError("absurd number of tags")
        start, size = place + struct.calcsize(self.layout.count), struct.calcsize(self.layout.entry)
        entries = [Entry(*self._unpack(self.layout.entry, start + i * size)) for i in range(count)]
        try:
            following = self._offset(start + count * size)
        except ValueError:  # some programs omit it
            following = 0
        return entries, following

    def directory(self, place: int) -> dict[int, Values]:
        """The tags of the directory at `place`, without those whose values are missing from the file.

        EXIF 3.0's texts in UTF-8 have the older type of texts, where UTF-8 is common: many programs take a directory
        with the new type for a damaged one.
        """
        tags = {}
        for entry in self.entries(place)[0]:
            values = self.values(entry)
            if values is not None:
                kind = ASCII if entry.kind == UTF8 else entry.kind
                tags[entry.tag] = (kind, swapped(kind, values, self.layout.order))
            else:
                self.lost += 1
        return tags

    def place_of(self, entry: Entry) -> int | None:
        """Offset of the values; None if they are in the directory itself."""
        return None if entry.size <= len(entry.field) else int(struct.unpack(self.layout.offset, entry.field)[0])

    def values(self, entry: Entry) -> bytes | None:
        """The values in the file's byte order, or None."""
        size = entry.size
        self._read += size
        if entry.kind not in SIZES or self._read > _MAX_BYTES:
            return None
        at = self.place_of(entry)
        if at is None:
            return entry.field[:size]
        if at + size > len(self.data):
            return None
        return self.data[at : at + size]

    def _offset(self, place: int) -> int:
        return self._number(self.layout.offset, place)

    def _number(self, form: str, place: int) -> int:
        return int(self._unpack(form, place)[0])

    def _unpack(self, form: str, place: int) -> tuple[Any, ...]:
        size = struct.calcsize(form)
        if place + size > len(self.data):
            raise ValueError("it points past its end")
        return struct.unpack(form, self.data[place : place + size])


def swapped(kind: int, values: bytes, order: str) -> bytes:
    """Converts values between little-endian and `order`."""
    size = SIZES[kind]
    if order == "<" or size == 1:
        return values
    return np.frombuffer(values[: len(values) // size * size], f"u{size}").byteswap().tobytes()


def numbers(values: Values | None) -> tuple[int, ...]:
    """The integers of a tag; for rationals, numerators and denominators in turn. Empty for anything else."""
    kind, data = values or (0, b"")
    if kind not in SIZES or kind in (2, 7, 11, 12):
        return ()
    size, signed = SIZES[kind], kind in (6, 8, 9, 10, 17)
    return tuple(
        int.from_bytes(data[i : i + size], "little", signed=signed) for i in range(0, len(data) - size + 1, size)
    )


def whole(kind: int, *values: int) -> Values:
    """The values of an integer tag, or of a rational's numerators and denominators in turn."""
    return kind, b"".join(value.to_bytes(SIZES[kind], "little") for value in values)


class Writer:
    """Lays out directories and their values from offset `start` of a file, around what is `kept_free`: (offset,
    size)."""

    def __init__(self, layout: Layout, start: int, kept_free: tuple[int, int] | None = None) -> None:
        self.layout = layout
        self.start = start
        self.data = bytearray()
        self._free = kept_free or (0, 0)

    def take(self, size: int) -> int:
        """Allocates that many bytes and returns their offset."""
        place = self.start + len(self.data)
        place += -place % 2
        free, length = self._free
        if place < free + length and place + size > free:
            place = free + length + (free + length) % 2
        self.data += b"\0" * (place + size - self.start - len(self.data))
        return place

    def put(self, place: int, values: bytes) -> None:
        """Writes into allocated bytes."""
        self.data[place - self.start : place - self.start + len(values)] = values

    def room(self, tags: int) -> int:
        """Allocates a directory of that many tags and returns its offset."""
        layout = self.layout
        entry, count, offset = (struct.calcsize(form) for form in (layout.entry, layout.count, layout.offset))
        return self.take(count + entry * tags + offset)

    def fill(self, place: int, tags: Directory, following: int = 0, fixed: Mapping[int, Entry] | None = None) -> None:
        """Writes the directory at `place`, and the values of its tags; `fixed` are entries with values elsewhere."""
        layout = self.layout
        entries = {**(fixed or {}), **{tag: self._entry(tag, *values) for tag, values in tags.items()}}
        lines = [struct.pack(layout.entry, e.tag, e.kind, e.count, e.field) for _, e in sorted(entries.items())]
        end = struct.pack(layout.offset, following)
        self.put(place, struct.pack(layout.count, len(lines)) + b"".join(lines) + end)

    def directory(self, tags: Directory, fixed: Mapping[int, Entry] | None = None) -> int:
        """Writes a new directory with its values and returns its offset."""
        place = self.room(len({*tags, *(fixed or {})}))
        self.fill(place, tags, 0, fixed)
        return place

    def pointer(self, place: int) -> Values:
        """The values of a tag that points to `place`."""
        return whole(16 if self.layout.big else LONG, place)

    def _entry(self, tag: int, kind: int, values: bytes) -> Entry:
        room = 8 if self.layout.big else 4
        count = len(values) // (SIZES[kind] * _NUMBERS.get(kind, 1))
        values = swapped(kind, values, self.layout.order)
        if len(values) > room:
            place = self.take(len(values))
            self.put(place, values)
            values = struct.pack(self.layout.offset, place)
        return Entry(tag, kind, count, values.ljust(room, b"\0"))
