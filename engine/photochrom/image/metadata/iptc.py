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


def texts(data: bytes) -> dict[tuple[int, int], list[str]]:
    """(record, dataset) to its texts, decoded by the declared character set: UTF-8, else Latin-1, as most wrote."""
    found: dict[tuple[int, int], list[bytes]] = {}
    for key, place, size in _records(data):
        found.setdefault(key, []).append(data[place : place + size])
    encoding = "utf-8" if found.get(CHARACTERS, [b""])[0] == _UTF8 else None
    return {key: [_decoded(value, encoding) for value in values] for key, values in found.items()}


def _decoded(value: bytes, encoding: str | None) -> str:
    try:
        return value.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _records(data: bytes) -> list[tuple[tuple[int, int], int, int]]:
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
