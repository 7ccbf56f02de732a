"""JPEG (ITU-T T.81, JFIF 1.02): metadata in the segments before the scan.

EXIF and XMP are APP1 segments, extended XMP several of them (ISO 16684-3, 1.1.3.1), Photoshop's resources APP13.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from typing import IO, Final

from photochrom.image.jpeg import start_of
from photochrom.image.metadata import exif, iptc, makernote, photoshop, resolution, xmp
from photochrom.image.metadata.blocks import exif_of, merged, xmp_of
from photochrom.image.metadata.directories import Bytes, Structure, numbers
from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.model import Metadata

_EXIF: Final = exif.HEADER
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED: Final = b"http://ns.adobe.com/xmp/extension/\0"
_JFIF: Final = b"JFIF\0"
_ICC: Final = b"ICC_PROFILE\0"
_MPF: Final = b"MPF\0"
_OF_THE_ENCODING: Final = (_ICC, _MPF, b"Ducky", b"URL\0", b"SPIFF\0")
"""Prefixes of segments that do not describe the photograph: profile, views, quality."""

_JUMBF: Final = 0xEB
_APP0, _APP1, _APP2, _APP13, _APP14, _COMMENT, _SCAN, _END = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE, 0xDA, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length and content."""

_ROOM: Final = 65533
"""Maximum bytes of content in one segment."""

_PIECE: Final = 65_400
"""Bytes of extended XMP per segment, less than the `_ROOM` after its header."""

_MAX_SEGMENTS: Final = 4096

_Segment = tuple[int, bytes]
"""A marker and the content of its segment."""


def read(data: Bytes) -> Metadata:
    """Reads metadata from the segments; malformed ones are left out, with a note."""
    segments = list(_segments(data))
    found, notes = exif_of(_exif_block(segments))
    packet, said = _packet(segments)
    resources = photoshop.parse(
        b"".join(
            content.removeprefix(photoshop.HEADER)
            for marker, content in segments
            if marker == _APP13 and content.startswith(photoshop.HEADER)
        )
    )
    jfif = next((content for marker, content in segments if marker == _APP0 and content.startswith(_JFIF)), b"")
    density = resolution.of_jfif(*struct.unpack_from(">BHH", jfif, 7)) if len(jfif) >= 12 else None
    kept, blocks = photoshop.split(resources)
    records, left_out = iptc.joined(*blocks)
    return merged(
        found,
        Metadata(
            xmp=packet,
            iptc=records,
            photoshop=kept,
            comments=tuple(content for marker, content in segments if marker == _COMMENT),
            resolution=density,
            notes=(*notes, *said, *left_out, *_left_out(segments)),
        ),
    )


def exif_block(data: Bytes) -> bytes:
    """The EXIF block."""
    return _exif_block(list(_segments(data)))


def _exif_block(segments: list[_Segment]) -> bytes:
    """The EXIF block: one segment, or several if a program has exceeded the standard's length."""
    parts = [content for marker, content in segments if marker == _APP1 and content.startswith(_EXIF[:5])]
    more = [part[len(_EXIF) :] for part in parts[1:] if part[len(_EXIF) :][:2] not in (b"II", b"MM")]
    return b"".join([*parts[:1], *more])


def _left_out(segments: list[_Segment]) -> Iterator[str]:
    contents = {marker: [content for other, content in segments if other == marker] for marker, _ in segments}
    for content in contents.get(_APP2, []):
        if content.startswith(_MPF) and (views := _views(content[4:])) > 1:
            yield f"it holds {views} pictures; only the first is used."
    if _JUMBF in contents:
        yield "its Content Credentials are valid only for the original file and are left out."
    known = {_APP0, _APP1, _JUMBF, _APP13, _APP14}
    others = sorted(
        {
            marker - _APP0
            for marker, content in segments
            if 0xE0 <= marker <= 0xEF and marker not in known and not content.startswith(_OF_THE_ENCODING)
        }
    )
    if others:
        yield f"what its maker alone can read ({', '.join(f'APP{number}' for number in others)}) is left out."


def _views(block: bytes) -> int:
    """The number of pictures in a multi-picture file (CIPA DC-007, tag 45057)."""
    try:
        structure = Structure(block)
        found = numbers(structure.directory(structure.first()).get(45057))
    except ValueError:
        return 0
    return found[0] if found else 0


def _packet(segments: list[_Segment]) -> tuple[bytes | None, tuple[str, ...]]:
    """The file's packet with its extended parts merged in, and notes. Krita writes it as APP14."""
    name = _XMP[:-1]  # Krita omits its end
    # One null byte and no more: the first one of UTF-16 or UTF-32 may be null, too.
    mains = [content[len(name) :].removeprefix(b"\0") for _, content in segments if content.startswith(name)]
    pieces: dict[bytes, dict[int, bytes]] = {}
    for marker, content in segments:
        if marker == _APP1 and content.startswith(_EXTENDED) and len(content) >= len(_EXTENDED) + 40:
            name, _, at = struct.unpack_from(">32sII", content, len(_EXTENDED))
            pieces.setdefault(name, {})[at] = content[len(_EXTENDED) + 40 :]
    parts = {name: b"".join(piece for _, piece in sorted(found.items())) for name, found in pieces.items()}
    return xmp_of(mains[0] if mains else None, parts)


def _segments(data: Bytes) -> Iterator[_Segment]:
    """(marker, content) of each segment before the scan."""
    return ((marker, content) for marker, content, _ in _walk(data, start_of(data)))


def _walk(data: Bytes, start: int = 0) -> Iterator[tuple[int, bytes, int]]:
    """(marker, content, end) of each segment before the scan of the file that begins at `start`."""
    place, count = start + 2, 0
    while place + 4 <= len(data) and count < _MAX_SEGMENTS:
        if data[place] != 0xFF:  # stray bytes between segments
            place = data.find(b"\xff", place)
            if place < 0:
                return
            continue
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in (_SCAN, _END):
            return
        if marker in _ALONE or marker == 0:
            place += 2
            continue
        (size,) = struct.unpack(">H", data[place + 2 : place + 4])
        end = place + 2 + max(size, 2)
        yield marker, data[place + 4 : end], end
        place = end
        count += 1


def write(old: IO[bytes], new: IO[bytes], metadata: Metadata) -> tuple[str, ...]:
    """Copies a JPEG file with this metadata in place of its own; returns notes on what does not fit."""
    old.seek(0)
    head = old.read(16 << 20)  # the tables and the profile, not the scan
    rest: list[_Segment] = []
    end = 2
    for marker, content, end in _walk(head):  # noqa: B007 - where the last one ends is needed below
        if marker not in (_APP0, _APP1, _APP13, _COMMENT):
            rest.append((marker, content))
    block, notes = _fitting(metadata.exif)
    new.write(b"\xff\xd8")
    for marker, content in [*_first(metadata, block, notes), *rest]:
        new.write(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content)
    for comment in metadata.comments:
        for start in range(0, max(len(comment), 1), _ROOM):
            piece = comment[start : start + _ROOM]
            new.write(struct.pack(">BBH", 0xFF, _COMMENT, len(piece) + 2) + piece)
    old.seek(end)
    shutil.copyfileobj(old, new, 1 << 20)
    return tuple(notes)


def _first(metadata: Metadata, block: bytes, notes: list[str]) -> Iterator[_Segment]:
    yield _APP0, _JFIF + struct.pack(">BBBHHBB", 1, 2, *resolution.to_jfif(metadata.resolution), 0, 0)
    if block:
        yield _APP1, _EXIF + block
    if metadata.xmp is not None:
        yield from _xmp_segments(metadata.xmp, notes)
    resources = photoshop.to_bytes(photoshop.with_iptc(metadata.photoshop, metadata.iptc))
    room = _ROOM - len(photoshop.HEADER)
    for start in range(0, len(resources), room):
        yield _APP13, photoshop.HEADER + resources[start : start + room]


def _xmp_segments(packet: bytes, notes: list[str]) -> Iterator[_Segment]:
    room = _ROOM - len(_XMP)
    if len(packet) <= room:
        yield _APP1, _XMP + packet
        return
    parts = xmp.split(packet, room)
    if parts is None:
        notes.append("its XMP metadata does not fit into a JPEG file and is left out; PNG and TIFF keep it.")
        return
    notes.append(
        "its XMP metadata is longer than a JPEG segment: its longest properties are stored as extended XMP, "
        "which not every program reads; PNG and TIFF keep it in one piece."
    )
    main, extended = parts
    yield _APP1, _XMP + main
    yield from extended_segments(extended)


def extended_segments(extended: bytes) -> Iterator[_Segment]:
    """The second part of `xmp.split`, in as many segments as needed."""
    room = _PIECE - len(_EXTENDED) - 40
    for start in range(0, len(extended), room):
        head = struct.pack(">32sII", xmp.digest(extended).encode(), len(extended), start)
        yield _APP1, _EXTENDED + head + extended[start : start + room]


def _fitting(tags: Exif) -> tuple[bytes, list[str]]:
    """An EXIF block that fits into one segment, and what was dropped for that: the maker note first, then the longest
    tags."""
    if not tags:
        return b"", []
    room, notes = _ROOM - len(_EXIF), []
    block = exif.to_block(tags)
    if len(block) > room and makernote.TAG in tags.photo:
        tags = tags.without_note()
        block = exif.to_block(tags)
        notes.append("its EXIF metadata is longer than JPEG allows: the camera's maker note is left out.")
    gone = []
    while len(block) > room:
        directory, tag = max(
            ((name, tag) for name in ("image", "photo", "gps") for tag in getattr(tags, name)),
            key=lambda each: len(getattr(tags, each[0])[each[1]][1]),
        )
        gone.append(str(tag))
        tags = exif.without(tags, directory, tag)
        block = exif.to_block(tags)
    if gone:
        what = f"tag {gone[0]} is" if len(gone) == 1 else f"tags {', '.join(gone)} are"
        notes.append(f"its EXIF metadata is longer than JPEG allows: {what} left out.")
    return block, notes
