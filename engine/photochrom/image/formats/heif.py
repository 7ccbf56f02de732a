"""Common to HEIC and AVIF: color by code points, and auxiliary pictures (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Collection
from pathlib import Path

from photochrom.errors import BadPicture
from photochrom.image import cicp
from photochrom.image.color_spaces import RGBSpace
from photochrom.image.formats import boxes

_META_HEAD = 4
"""Bytes of version and flags at the start of a full box."""


def space_of(path: Path, primaries: int, transfer: int) -> RGBSpace | None:
    """Returns the space of these code points (`cicp`), None if they are unknown. Raises BadPicture if it is HDR."""
    if transfer in cicp.HDR:
        raise BadPicture(
            f"{path} is a high dynamic range picture ({cicp.HDR[transfer]}), which has no defined white.",
            "Save it in standard dynamic range (SDR) with the camera's or phone's software.",
        )
    return cicp.space(primaries, transfer)


def told_of(auxiliary: Collection[object], depths: Collection[object]) -> tuple[str, ...]:
    """Notes on auxiliary pictures, which the color version does not keep."""
    kinds = [name for name, found in (("a gain map", _gain_map(auxiliary)), ("a depth map", bool(depths))) if found]
    return (f"it holds {' and '.join(kinds)}, left out of the color version.",) if kinds else ()


def _gain_map(auxiliary: Collection[object]) -> bool:
    return any("gainmap" in str(name).lower() for name in auxiliary)


def code_points(path: Path) -> tuple[int, int] | None:
    """Primaries and transfer characteristics of the primary picture (`colr` of type `nclx`); raises OSError.

    If its own properties have none (a grid), those of its tiles apply: the first in the file.
    """
    with path.open("rb") as file:
        end = file.seek(0, 2)
        meta = next((box for box in boxes.walk(file, 0, end) if box.type == b"meta"), None)
        if meta is None:
            return None
        inner = {box.type: box for box in boxes.walk(file, meta.start + _META_HEAD, meta.start + meta.size)}
        if b"iprp" not in inner:
            return None
        iprp = inner[b"iprp"]
        parts = {box.type: box for box in boxes.walk(file, iprp.start, iprp.start + iprp.size)}
        ipco = parts.get(b"ipco")
        if ipco is None:
            return None
        properties = list(boxes.walk(file, ipco.start, ipco.start + ipco.size))
    found = {}
    for number, box in enumerate(properties, start=1):
        data = boxes.content(path, box, at_most=16) if box.type == b"colr" else b""
        if data[:4] == b"nclx" and len(data) >= 8:
            found[number] = struct.unpack_from(">HH", data, 4)
    if b"pitm" in inner and b"ipma" in parts:
        main = _main_item(boxes.content(path, inner[b"pitm"], at_most=8))
        for number in _properties_of(main, boxes.content(path, parts[b"ipma"])):
            if number in found:
                return found[number]
    return next(iter(found.values()), None)


def _main_item(pitm: bytes) -> int:
    """The item ID of the primary picture: 16 bits in version 0, 32 in version 1."""
    return int.from_bytes(pitm[4:8] if pitm[:1] == b"\1" else pitm[4:6], "big")


def _properties_of(item: int, ipma: bytes) -> list[int]:
    """The indices of an item's properties (ItemPropertyAssociationBox); none if the box is malformed."""
    wide_items, wide = ipma[:1] >= b"\1", bool(int.from_bytes(ipma[1:4], "big") & 1)
    place, found = 8, list[int]()
    try:
        for _ in range(int.from_bytes(ipma[4:8], "big")):
            (name,) = struct.unpack_from(">I" if wide_items else ">H", ipma, place)
            place += 4 if wide_items else 2
            count = ipma[place]
            numbers = struct.unpack_from(f">{count}{'H' if wide else 'B'}", ipma, place + 1)
            place += 1 + count * (2 if wide else 1)
            if name == item:
                found += [number & (0x7FFF if wide else 0x7F) for number in numbers]
    except (struct.error, IndexError):
        return found
    return found
