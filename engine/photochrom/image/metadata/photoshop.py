"""Photoshop's image resources (Adobe Photoshop File Formats Specification, "Image Resources").

TIFF holds them in a tag, JPEG in APP13 segments. Resources that describe the photograph are kept; those that describe
their file (layers, channels, thumbnail, profile, and metadata that has a place of its own) are not.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

HEADER: Final = b"Photoshop 3.0\0"
"""Prefix of each APP13 segment."""

IPTC: Final = 1028
RESOLUTION: Final = 1005

_OF_THE_FILE: Final = frozenset({
    *(1006, 1007, 1045, 1053, 1067, 1077, 1078),  # alpha channels, their names and colors
    *(1012, 1013, 1014, 1015, 1016, 1017, 1018, 1062),  # halftones, transfer functions, duotone
    *(1024, 1025, 1026, 1065, 1069, 1070, 1072),  # layers
    *(1033, 1036),  # thumbnails
    *(1039, 1041, 1058, 1059, 1060),  # profile, untagged, EXIF, XMP
    *(1003, 1047, 1054),  # indexed colors, transparent one, URLs
})  # fmt: skip

PATHS: Final = frozenset(range(2000, 2999))
"""Clipping paths and others, in picture coordinates."""

PLACES: Final = frozenset({*PATHS, 1032, 1049, 1050})
"""Resources in picture coordinates: paths, guides, slices."""


@dataclass(frozen=True)
class Resource:
    """One resource: its number, its name as stored (a Pascal string padded to even length), its data."""

    number: int
    name: bytes
    data: bytes
    signature: bytes = b"8BIM"


Resources = tuple[Resource, ...]


def parse(data: bytes) -> Resources:
    """Parses the resources in `data`, up to the first malformed one."""
    found, place = [], 0
    while place + 12 <= len(data):
        signature, number, length = struct.unpack_from(">4sHB", data, place)
        if signature not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            break
        name_end = place + 6 + (length + 2) // 2 * 2
        if name_end + 4 > len(data):
            break
        (size,) = struct.unpack_from(">I", data, name_end)
        start = name_end + 4
        if start + size > len(data):
            break
        found.append(Resource(number, data[place + 6 : name_end], data[start : start + size], signature))
        place = start + size + size % 2
    return tuple(found)


def to_bytes(resources: Resources) -> bytes:
    """Serializes resources to what `parse` reads."""
    return b"".join(
        struct.pack(">4sH", each.signature, each.number)
        + (each.name or b"\0\0")
        + struct.pack(">I", len(each.data))
        + each.data
        + b"\0" * (len(each.data) % 2)
        for each in resources
    )


def split(resources: Resources) -> tuple[Resources, tuple[bytes, ...]]:
    """Returns the resources to keep, and the blocks of IPTC records, of which some files have several."""
    records = tuple(each.data for each in resources if each.number == IPTC)
    return tuple(each for each in resources if each.number != IPTC and each.number not in _OF_THE_FILE), records


def with_iptc(resources: Resources, records: bytes) -> Resources:
    """Returns the resources with the IPTC records, if any, first."""
    return ((Resource(IPTC, b"\0\0", records), *resources)) if records else resources
