"""TIFF 6.0 and BigTIFF: metadata in tags of the page's directory.

They are written as a new first directory at the end of the file; pixels stay in place, except those at the offset that
a maker note needs (see `makernote`), which are moved to the end.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO, Final

from photochrom.image.file_view import FileView
from photochrom.image.metadata import exif, iptc, makernote, photoshop, resolution
from photochrom.image.metadata.blocks import Notes, lost, merged, xmp_of
from photochrom.image.metadata.directories import (
    BYTE,
    SHORT,
    UNDEFINED,
    Bytes,
    Directory,
    Entry,
    Structure,
    Values,
    Writer,
    numbers,
    swapped,
    whole,
)
from photochrom.image.metadata.model import MAX_BLOCK, Metadata

_PLACES: Final = {273: 279, 324: 325}
"""The tags with the offsets of strips and of tiles, and those with their sizes."""


def read(data: Bytes, page: int = 0) -> Metadata:
    """Reads metadata from the tags of a page; malformed ones are left out, with a note."""
    try:
        found = exif.read(data, page)
        raw = _blocks(data, page)
    except ValueError:
        return Metadata(notes=("its tags are malformed and are left out.",))
    packet, said = xmp_of(raw.get(exif.XMP))
    kept, blocks = photoshop.split(photoshop.parse(raw.get(exif.PHOTOSHOP, b"")))
    records, left_out = iptc.joined(iptc.of_tag(raw.get(exif.IPTC, b"")), *blocks)
    notes: Notes = (*lost(found), *said, *left_out)
    if exif.C2PA in raw:
        notes += ("its Content Credentials are valid only for the original file and are left out.",)
    if exif.LAYERS in found.all:
        notes += ("it has Photoshop layers besides the flattened picture: these are left out.",)
    return merged(found, Metadata(xmp=packet, iptc=records, photoshop=kept, notes=notes))


def _blocks(data: Bytes, page: int) -> dict[int, bytes]:
    """The raw values of tags that are blocks of bytes, whatever type they declare."""
    structure = Structure(data)
    found = {}
    for entry in structure.entries(structure.place(page))[0]:
        if entry.tag in (exif.XMP, exif.IPTC, exif.PHOTOSHOP, exif.C2PA) and entry.size <= MAX_BLOCK:
            found[entry.tag] = structure.values(entry) or b""
    return found


def write(file: IO[bytes], metadata: Metadata) -> Notes:
    """Replaces the metadata of the first page of a TIFF file that is open for reading and writing."""
    structure = Structure(FileView(file))
    entries, following = structure.entries(structure.first())
    kept = {entry.tag: entry for entry in entries if entry.tag not in _ours()}
    strips = _strips(structure, kept)
    layout = structure.layout
    end = file.seek(0, 2)
    tags, notes, note_at = _note(exif.in_order(metadata.exif, layout.order), metadata.exif.order, layout.order, end)
    places: dict[int, Values] = {}
    if note_at is not None:
        places = _make_room(file, strips, (note_at, len(tags.photo[makernote.TAG][1])), structure, kept)
    writer = Writer(layout, start=file.seek(0, 2))
    first = {**tags.image, **_tags(metadata), **places}
    kept = {tag: entry for tag, entry in kept.items() if tag not in first}
    subordinate = sum(map(bool, (tags.photo, tags.gps)))
    place = writer.room(len({*first, *kept}) + subordinate)
    writer.fill(place, {**first, **exif.sub_directories(writer, tags, note_at)}, following, kept)
    file.write(writer.data)
    if note_at is not None:
        file.seek(note_at)
        file.write(tags.photo[makernote.TAG][1])
    file.seek(layout.first)
    file.write(struct.pack(layout.offset, place))
    return notes


def _ours() -> frozenset[int]:
    """Tags that the writer of the pixels may have set, and that metadata replace."""
    return frozenset({
        *(exif.X_RESOLUTION, exif.Y_RESOLUTION, exif.UNIT, exif.ORIENTATION, exif.XMP, exif.IPTC, exif.PHOTOSHOP),
        *(exif.PHOTO, exif.GPS, exif.DESCRIPTION),
    })  # fmt: skip


def _tags(metadata: Metadata) -> Directory:
    """The tags of the first directory that are not EXIF."""
    tags = resolution.to_tags(metadata.resolution)
    if metadata.xmp is not None:
        tags[exif.XMP] = (BYTE, metadata.xmp)
    if metadata.iptc:
        tags[exif.IPTC] = (UNDEFINED, metadata.iptc)
    if metadata.photoshop:
        tags[exif.PHOTOSHOP] = (BYTE, photoshop.to_bytes(metadata.photoshop))
    tags.setdefault(exif.ORIENTATION, whole(SHORT, 1))
    return tags


# --- the maker note at its offset -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Strip:
    """A strip or tile: the tag with its offset, its index there, its offset and size."""

    tag: int
    number: int
    place: int
    size: int


_PADDING: Final = 1 << 16
"""Maximum bytes between the end of the file and a note."""


def _note(tags: exif.Exif, was: str, order: str, end: int) -> tuple[exif.Exif, Notes, int | None]:
    """Returns the tags, notes, and the offset that the maker note must keep; it is dropped if it would be invalid."""
    kind, note = tags.photo.get(makernote.TAG, (0, b""))
    if not kind or makernote.movable(note) or tags.note_at is None:
        return tags, (), None
    if was == order and 16 <= tags.note_at <= min(end + _PADDING, 1 << 31):
        return tags, (), tags.note_at
    return tags.without_note(), ("the camera's maker note cannot be kept intact in a TIFF and is left out.",), None


def _strips(structure: Structure, entries: dict[int, Entry]) -> list[_Strip]:
    found = []
    for tag, sizes in _PLACES.items():
        if tag in entries and sizes in entries:
            pairs = zip(_numbers(structure, entries[tag]), _numbers(structure, entries[sizes]), strict=False)
            found += [_Strip(tag, number, place, size) for number, (place, size) in enumerate(pairs)]
    return found


def _numbers(structure: Structure, entry: Entry) -> tuple[int, ...]:
    return numbers((entry.kind, _values(structure, entry)))


def _values(structure: Structure, entry: Entry) -> bytes:
    return swapped(entry.kind, structure.values(entry) or b"", structure.layout.order)


def _make_room(
    file: IO[bytes], strips: list[_Strip], free: tuple[int, int], structure: Structure, entries: dict[int, Entry]
) -> dict[int, Values]:
    """Moves the strips that overlap `free` (offset, size), and out-of-line values of kept tags there, to the end of the
    file; returns the tags to write for that."""
    start, end = free[0], free[0] + free[1]
    moved: dict[int, list[int]] = {}
    data = FileView(file)
    again = Structure(data)
    tags = {tag: (each.kind, _values(again, each)) for tag, each in entries.items()}
    for strip in strips:
        places = moved.setdefault(strip.tag, [each.place for each in strips if each.tag == strip.tag])
        if strip.place < end and strip.place + strip.size > start:
            content = data[strip.place : strip.place + strip.size]
            at = max(file.seek(0, 2), end)
            places[strip.number] = file.seek(at + at % 2)
            file.write(content)
    if file.seek(0, 2) < end:
        file.truncate(end)
    kind = 16 if structure.layout.big else 4
    return {**tags, **{tag: whole(kind, *places) for tag, places in moved.items()}}
