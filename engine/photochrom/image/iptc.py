"""IPTC-IIM data between file formats.

TIFF holds the records themselves (tag 33723), JPEG holds them as a resource of a Photoshop APP13 segment
(Adobe Photoshop File Formats Specification, "Image Resource Blocks"); libvips copies the bytes unchanged.
"""

from __future__ import annotations

import struct
from typing import Final

_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_RECORDS: Final = 0x0404
"""The number of the resource with the IPTC records."""


def records(data: bytes) -> bytes:
    """The IPTC records in `data`, which is either they or a Photoshop segment; empty if it has none."""
    if not data.startswith(_PHOTOSHOP):
        return data
    place = len(_PHOTOSHOP)
    while data[place : place + 4] == b"8BIM" and place + 12 <= len(data):
        (number,) = struct.unpack_from(">H", data, place + 4)
        name = (data[place + 6] + 2) // 2 * 2  # its length, the name, made even
        size_at = place + 6 + name
        if size_at + 4 > len(data):
            break
        (size,) = struct.unpack_from(">I", data, size_at)
        if number == _RECORDS:
            return data[size_at + 4 : size_at + 4 + size]
        place = size_at + 4 + (size + 1) // 2 * 2
    return b""


def segment(iptc: bytes) -> bytes:
    """The content of a JPEG APP13 segment with these records."""
    padding = b"\0" * (len(iptc) % 2)
    return _PHOTOSHOP + struct.pack(">4sHHI", b"8BIM", _RECORDS, 0, len(iptc)) + iptc + padding
