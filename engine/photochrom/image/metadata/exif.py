"""EXIF: reads the tags that describe the photograph from a TIFF file or an EXIF block, and writes them to a new block.

EXIF 3.0 (CIPA DC-008). Tags that describe a file's encoding belong to its writer and are dropped, as is the thumbnail
(IFD1), which shows the picture without its color. Unknown tags are kept.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from typing import Final

from photochrom.image.metadata import makernote
from photochrom.image.metadata.directories import (
    POINTERS,
    SHORT,
    Bytes,
    Directory,
    Entry,
    Layout,
    Structure,
    Values,
    Writer,
    numbers,
    swapped,
)

HEADER: Final = b"Exif\0\0"

DESCRIPTION, ORIENTATION, X_RESOLUTION, Y_RESOLUTION, UNIT = 270, 274, 282, 283, 296
PHOTO, GPS, INTEROPERABILITY = 34665, 34853, 40965
XMP, IPTC, PHOTOSHOP = 700, 33723, 34377
COLOR_SPACE, WIDTH, HEIGHT, USER_COMMENT = 40961, 40962, 40963, 37510
GEOREFERENCE: Final = frozenset({33550, 33920, 33922, 34264, 34735, 34736, 34737})

_OF_THE_FILE: Final = frozenset({
    *range(254, 260), *(262, 263, 264, 265, 266, 273), *range(277, 285), *range(288, 294), 296, 300, 301,
    *range(317, 329), 330, 332, 333, 334, 336, *range(338, 348), 351, 400, *range(401, 406), *range(433, 436),
    *range(512, 522), *range(529, 533), 559, XMP, 4096, 32995, 32996, 32997, 32998, 33421, 33422, IPTC, PHOTOSHOP,
    PHOTO, 34675, GPS, 34908, 34909, 37439, 37724, 40965, 42112, 42113, 48129, 48130, 48131, 48132, 49152,
    *range(50674, 50708), *range(50709, 50735), *range(50737, 50827), *range(50828, 52600), 59932, 65535,
})  # fmt: skip
"""Tags of the first directory that describe the storage of pixels, or contain offsets."""

_OF_THE_FILE_IN_EXIF: Final = frozenset({INTEROPERABILITY, 37122, 42240, 59932})
"""The same in the EXIF directory: compression, gamma, padding."""

C2PA: Final = 52545
"""Content Credentials in a TIFF file."""

LAYERS: Final = 37724
"""Photoshop's layers in a TIFF file."""

_WITH_CODE: Final = {USER_COMMENT: "photo", 27: "gps", 28: "gps"}
"""Texts with a leading character code, in the file's byte order if that is Unicode."""


@dataclass(frozen=True)
class Exif:
    """Tags of the image, the photograph (EXIF), the location (GPS), and interoperability.

    `order` is their original byte order, "<" or ">", and `note_at` the original offset of the maker note, which may
    need both.
    """

    image: Directory = field(default_factory=dict)
    photo: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    interoperability: Directory = field(default_factory=dict)
    order: str = "<"
    note_at: int | None = None

    def __bool__(self) -> bool:
        return bool(self.image or self.photo or self.gps)

    @property
    def orientation(self) -> int:
        """How the picture is turned, 1…8; 0 if no tag says so."""
        found = (*numbers(self.image.get(ORIENTATION)), 0)[0]
        return found if found in range(1, 9) else 0

    def without_note(self) -> Exif:
        """A copy without the maker note."""
        gone = (makernote.TAG, makernote.MOVED)
        photo = {tag: values for tag, values in self.photo.items() if tag not in gone}
        return replace(self, photo=photo, note_at=None)


@dataclass(frozen=True)
class Found:
    """The content of a structure: the tags to keep, all tags of its directory, and the number of lost ones."""

    exif: Exif
    all: Directory
    lost: int


def read(data: Bytes, page: int = 0) -> Found:
    """Reads the tags of a page of a TIFF structure. Raises ValueError if it is malformed."""
    structure = Structure(data)
    tags = structure.directory(structure.place(page))
    photo, gps = _below(structure, tags, PHOTO), _below(structure, tags, GPS)
    exif = Exif(
        image={tag: values for tag, values in tags.items() if _is_kept(tag, values)},
        photo={tag: values for tag, values in photo.items() if tag not in _OF_THE_FILE_IN_EXIF},
        gps=gps,
        interoperability=_below(structure, photo, INTEROPERABILITY),
        order=structure.layout.order,
        note_at=_note_place(structure, tags),
    )
    return Found(exif, tags, structure.lost)


def _is_kept(tag: int, values: Values) -> bool:
    return tag not in _OF_THE_FILE and values[0] not in POINTERS


def _below(structure: Structure, tags: Directory, tag: int) -> dict[int, Values]:
    place = numbers(tags.get(tag))
    try:
        return structure.directory(place[0]) if place else {}
    except ValueError:
        structure.lost += 1
        return {}


def _note_place(structure: Structure, tags: Directory) -> int | None:
    place = numbers(tags.get(PHOTO))
    try:
        entries = structure.entries(place[0])[0] if place else []
    except ValueError:
        return None
    return next((structure.place_of(entry) for entry in entries if entry.tag == makernote.TAG), None)


def in_order(exif: Exif, order: str) -> Exif:
    """Converts the tags for a file of that byte order, which Unicode texts without a byte order mark follow."""
    if order == exif.order:
        return exif
    parts = {"photo": dict(exif.photo), "gps": dict(exif.gps)}
    for tag, part in _WITH_CODE.items():
        kind, text = parts[part].get(tag, (0, b""))
        if text.startswith(b"UNICODE\0"):
            parts[part][tag] = (kind, text[:8] + _utf16_in_order(text[8:], order))
    return replace(exif, photo=parts["photo"], gps=parts["gps"], order=order)


def _utf16_in_order(text: bytes, order: str) -> bytes:
    """Converts UTF-16 to that order from whichever it is in, detected by its high bytes being mostly 0 or equal."""
    text = text[: len(text) // 2 * 2]
    little = len(set(text[1::2])) < len(set(text[::2])) or text[1::2].count(0) > text[::2].count(0)
    if little == (order == "<"):
        return text
    return swapped(SHORT, text, ">")


def to_block(exif: Exif) -> bytes:
    """The TIFF structure of these tags, without `HEADER`, in their own byte order.

    The maker note keeps its offset if it `stays`.
    """
    note = exif.photo.get(makernote.TAG, (0, b""))[1]
    at = exif.note_at if stays(exif) else None
    writer = Writer(Layout(exif.order, big=False), 8, None if at is None else (at, len(note)))
    subordinate = sum(map(bool, (exif.photo, exif.gps)))
    first = writer.room(len(exif.image) + subordinate)
    writer.fill(first, {**exif.image, **sub_directories(writer, exif, at)})
    magic = b"II*\0" if exif.order == "<" else b"MM\0*"
    data = magic + struct.pack(exif.order + "I", first) + bytes(writer.data)
    if at is None:
        return data
    return data[:at].ljust(at, b"\0") + note + data[at + len(note) :]


def without(exif: Exif, directory: str, tag: int) -> Exif:
    """A copy without one tag of the directory of that name."""
    kept = {other: values for other, values in getattr(exif, directory).items() if other != tag}
    return replace(exif, **{directory: kept})  # type: ignore[arg-type]


def stays(exif: Exif) -> bool:
    """Whether there is a maker note that must keep its offset, and can do so in a block."""
    kind, note = exif.photo.get(makernote.TAG, (0, b""))
    if not kind or exif.note_at is None or makernote.movable(note):
        return False
    return 8 <= exif.note_at <= makernote.FARTHEST


def sub_directories(writer: Writer, exif: Exif, note_at: int | None) -> dict[int, Values]:
    """Writes the directories below the first one, and returns the tags that point to them.

    With `note_at`, the maker note is not written but referred to at that offset.
    """
    pointers = {}
    photo, fixed = dict(exif.photo), {}
    if exif.interoperability:
        photo[INTEROPERABILITY] = writer.pointer(writer.directory(exif.interoperability))
    if note_at is not None:
        kind, note = photo.pop(makernote.TAG)
        fixed[makernote.TAG] = Entry(makernote.TAG, kind, len(note), struct.pack(writer.layout.offset, note_at))
    if photo or fixed:
        pointers[PHOTO] = writer.pointer(writer.directory(photo, fixed))
    if exif.gps:
        pointers[GPS] = writer.pointer(writer.directory(exif.gps))
    return pointers
