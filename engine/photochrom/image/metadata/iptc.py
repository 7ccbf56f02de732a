"""IPTC-IIM records (IPTC-NAA Information Interchange Model 4.2): extracted from their containers and decoded."""

from __future__ import annotations

import struct
from typing import Final

from photochrom.image.metadata.directories import LONG, swapped

_MARK: Final = 0x1C
"""The tag marker that starts each record."""

CHARACTERS: Final = (1, 90)
"""The record with the character set of texts."""

_UTF8: Final = b"\x1b%G"

Key = tuple[int, int]
"""The numbers of a record and of a dataset in it."""

_OF_THE_BLOCK: Final = frozenset({(1, 0), CHARACTERS, (2, 0)})
"""Versions and the character set."""

_REPEATED: Final = frozenset((2, number) for number in (4, 12, 20, 25, 26, 27, 45, 47, 50, 80, 85, 118, 122))
"""Those that one picture may have several of (IIM 4.2, chapter 6)."""


def of_tag(values: bytes) -> bytes:
    """Extracts the records from the raw bytes of TIFF's tag 33723.

    The tag is often declared as 32-bit numbers, though it holds bytes: some programs then swapped each four of them,
    and padded the last four.
    """
    if values[:1] != bytes([_MARK]) and values[3:4] == bytes([_MARK]):
        values = swapped(LONG, values, ">")
    return whole_records(values)


def whole_records(data: bytes) -> bytes:
    """`data` without padding after the last record."""
    end = 0
    for _, place, size in _records(data):
        end = place + size
    return data[:end] if end else data.rstrip(b"\0")


def joined(*blocks: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The records of all blocks of one file, and notes on those left out.

    A program that knows one of the places leaves the others as they were. So of records that exist once the first
    block's count, which may contradict the others; of those that may be repeated, such as keywords, each is kept.
    """
    # Sound ones first: of damaged bytes alone, all are kept as they are.
    first, *others = sorted(dict.fromkeys(map(whole_records, blocks)), key=lambda each: not _records(each)) or (b"",)
    if any(map(_encoding, others)) and all(value.isascii() for _, value in _values(first)):
        first = _record(CHARACTERS, _UTF8) + first
    encoding = _encoding(first)
    kept = {(key, _decoded(value, encoding)) for key, value in _values(first)}
    keys, added, lost = {key for key, _ in kept}, b"", set[str]()
    for other in others:
        its_encoding = _encoding(other)
        for key, value in _values(other):
            text = _decoded(value, its_encoding)
            if (key, text) in kept or key in _OF_THE_BLOCK:
                continue
            if key[0] == 1 or (key in keys and key not in _REPEATED):
                lost.add(f"{key[0]}:{key[1]:03d}")
                continue
            kept.add((key, text))
            keys.add(key)
            added += _record(key, value if its_encoding == encoding else _encoded(text, encoding))
    if not lost:
        return first + added, ()
    note = f"it holds IPTC records twice, which differ in {', '.join(sorted(lost))}: the second ones are left out."
    return first + added, (note,)


def texts(data: bytes) -> dict[Key, list[str]]:
    """(record, dataset) to its texts, decoded by the declared character set: UTF-8, else Latin-1, as most wrote."""
    found: dict[Key, list[str]] = {}
    encoding = _encoding(data)
    for key, value in _values(data):
        found.setdefault(key, []).append(_decoded(value, encoding))
    return found


def _values(data: bytes) -> list[tuple[Key, bytes]]:
    return [(key, data[place : place + size]) for key, place, size in _records(data)]


def _encoding(data: bytes) -> str | None:
    declared = next((value for key, value in _values(data) if key == CHARACTERS), b"")
    return "utf-8" if declared == _UTF8 else None


def _decoded(value: bytes, encoding: str | None) -> str:
    try:
        return value.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _encoded(text: str, encoding: str | None) -> bytes:
    try:
        return text.encode(encoding or "latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _record(key: Key, value: bytes) -> bytes:
    size = struct.pack(">H", len(value)) if len(value) < 0x8000 else struct.pack(">HI", 0x8004, len(value))
    return bytes((_MARK, *key)) + size + value


def _records(data: bytes) -> list[tuple[Key, int, int]]:
    """((record, dataset), offset, size) of each record, up to the first malformed one."""
    found, place = [], 0
    while place + 5 <= len(data) and data[place] == _MARK:
        record, number, size = struct.unpack_from(">BBH", data, place + 1)
        start = place + 5
        if size & 0x8000:  # extended: the size of the size
            digits = size & 0x7FFF
            size = int.from_bytes(data[start : start + digits], "big") if digits <= 4 else len(data)
            start += digits
        if start + size > len(data):
            break
        found.append(((record, number), start, size))
        place = start + size
    return found
