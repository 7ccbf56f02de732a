"""EXIF and XMP, the blocks that every container can hold: parsed, with notes on damage, and merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from photochrom.image.metadata import exif, photoshop, resolution, xmp
from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.model import MAX_BLOCK, Metadata

Notes = tuple[str, ...]


def exif_of(block: bytes | None) -> tuple[exif.Found | None, Notes]:
    """Parses an EXIF block, with or without its header."""
    if not block:
        return None, ()
    try:
        found = exif.read(block.removeprefix(exif.HEADER).removeprefix(b"Exif\0\xff"))
    except ValueError as error:
        return None, (f"its EXIF metadata is damaged ({error}) and is left out.",)
    return found, lost(found)


def lost(found: exif.Found) -> Notes:
    """The note on tags whose values are missing from the file."""
    if not found.lost:
        return ()
    count = "a tag" if found.lost == 1 else f"{found.lost} tags"
    return (f"its EXIF metadata is damaged: {count} cannot be read and {'is' if found.lost == 1 else 'are'} left out.",)


def xmp_of(main: bytes | None, extended: Mapping[bytes, bytes] | None = None) -> tuple[bytes | None, Notes]:
    """Returns a file's packet in UTF-8, joined with the `extended` part that it refers to."""
    if not main or not main.strip(b"\0 \r\n\t"):
        return None, ()
    try:
        rdf = xmp.parse(main)
    except xmp.BadXMP as error:
        return None, (f"its XMP metadata {error} and is left out.",)
    pointer = xmp.value(rdf, xmp.HAS_EXTENDED)
    notes = () if pointer is None else _join(rdf, pointer, extended or {})
    packet = xmp.serialize(rdf)
    if len(packet) > MAX_BLOCK:
        return None, (f"its XMP metadata is longer than {MAX_BLOCK >> 20} MB and is left out.",)
    return packet, notes


def _join(rdf: xmp.Element, pointer: str, extended: Mapping[bytes, bytes]) -> Notes:
    """Merges the extended part with that digest into the packet; returns a note if that fails."""
    xmp.remove(rdf, xmp.HAS_EXTENDED)
    part = extended.get(pointer.encode())
    try:
        if part is None or xmp.digest(part) != pointer.upper():
            raise xmp.BadXMP("is incomplete in the file")
        xmp.joined(rdf, xmp.parse(part))
    except xmp.BadXMP as error:
        return (f"its extended XMP metadata {error}: that part is left out.",)
    return ()


def merged(found: exif.Found | None, metadata: Metadata) -> Metadata:
    """`metadata` with the tags of EXIF. The resolution is EXIF's, else the container's, else Photoshop's."""
    photoshops = next((each.data for each in metadata.photoshop if each.number == photoshop.RESOLUTION), b"")
    dots = resolution.of_tags(found.all) if found else None
    if dots and dots.unit == 1 and metadata.resolution:  # an aspect ratio alone says less
        dots = None
    return replace(
        metadata,
        exif=found.exif if found else Exif(),
        resolution=dots or metadata.resolution or resolution.of_photoshop(photoshops),
    )


def bounded(data: bytes, what: str) -> tuple[bytes, Notes]:
    """Returns `data`, or nothing and a note if it is absurdly long."""
    if len(data) <= MAX_BLOCK:
        return data, ()
    return b"", (f"its {what} is longer than {MAX_BLOCK >> 20} MB and is left out.",)
