"""JPEG (ITU-T T.81): marker segments up to the scan; XMP is an APP1 segment with a name (ISO 16684-3).

Krita 5.2 writes it as APP14, with an unterminated name, where no reader looks for it: rewriting such a file moves it to
its place.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from typing import IO, Final

from photochrom.image.containers.limits import MOST_PACKET, PIECE, Unfit, exactly
from photochrom.image.metadata import xmp
from photochrom.image.metadata.jpeg import extended_segments

_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED: Final = b"http://ns.adobe.com/xmp/extension/\0"
_EXIF: Final = b"Exif\0"
_APP0, _APP1, _APP14, _SCAN, _END = 0xE0, 0xE1, 0xEE, 0xDA, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length and content."""

_ROOM: Final = 65533 - len(_XMP)
"""Maximum bytes of a packet in one segment."""

_Segment = tuple[int, bytes]
"""A marker and the content of its segment."""


def packet_of(file: IO[bytes]) -> bytes | None:
    return _packet(_head(file))


def rewrite(old: IO[bytes], new: IO[bytes], edit: Callable[[bytes | None], bytes | None]) -> None:
    segments = _head(old)
    found = _packet(segments)
    packet = edit(_misplaced(segments) if found is None else found)
    others = [segment for segment in segments if not _is_xmp(segment) and not _is_misplaced(segment)]
    if packet is not None:
        place = _place(others)
        others[place:place] = _xmp(packet, may_split=not any(map(_is_extended, others)))
    new.write(b"\xff\xd8")
    for marker, content in others:
        new.write(struct.pack(">BB", 0xFF, marker))
        if marker not in _ALONE:
            new.write(struct.pack(">H", len(content) + 2) + content)
    shutil.copyfileobj(old, new, PIECE)


def _head(file: IO[bytes]) -> list[_Segment]:
    """Reads the segments before the first scan, leaving the file at the scan's marker."""
    file.seek(2)
    segments: list[_Segment] = []
    while file.tell() < MOST_PACKET:
        start = file.tell()
        if exactly(file, 1, "its head") != b"\xff":
            raise Unfit("between its segments is something else")
        marker = 0xFF
        while marker == 0xFF:  # fill bytes
            marker = exactly(file, 1, "its head")[0]
        if marker in (_SCAN, _END):
            file.seek(start)
            return segments
        if marker in _ALONE:
            segments.append((marker, b""))
            continue
        (size,) = struct.unpack(">H", exactly(file, 2, "its head"))
        if size < 2:
            raise Unfit("a segment has no size")
        segments.append((marker, exactly(file, size - 2, "a segment")))
    raise Unfit("its head has no end")


def _is_xmp(segment: _Segment) -> bool:
    marker, content = segment
    return marker == _APP1 and content.startswith(_XMP)


def _packet(segments: list[_Segment]) -> bytes | None:
    return next((content[len(_XMP) :] for marker, content in segments if _is_xmp((marker, content))), None)


def _xmp(packet: bytes, *, may_split: bool) -> list[_Segment]:
    """The packet in one segment, or in several if it is too long for one. Raises Unfit."""
    if len(packet) <= _ROOM:
        return [(_APP1, _XMP + packet)]
    parts = xmp.split(packet, _ROOM) if may_split else None
    if parts is None:
        raise Unfit(f"its XMP metadata, {len(packet)} bytes, does not fit into a JPEG file ({_ROOM})", full=True)
    main, extended = parts
    return [(_APP1, _XMP + main), *extended_segments(extended)]


def _is_extended(segment: _Segment) -> bool:
    marker, content = segment
    return marker == _APP1 and content.startswith(_EXTENDED)


def _is_misplaced(segment: _Segment) -> bool:
    marker, content = segment
    return marker == _APP14 and content.startswith(_XMP[:-1])


def _misplaced(segments: list[_Segment]) -> bytes | None:
    return next((content[len(_XMP) - 1 :].lstrip(b"\0") for _, content in filter(_is_misplaced, segments)), None)


def _place(segments: list[_Segment]) -> int:
    """The index after JFIF and EXIF, which some readers expect first."""
    place = 0
    for marker, content in segments:
        if marker != _APP0 and not (marker == _APP1 and content.startswith(_EXIF)):
            break
        place += 1
    return place
