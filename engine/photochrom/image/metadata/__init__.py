"""What passes from a photograph to its color version besides the pixels.

EXIF, XMP, IPTC, Photoshop's resources, texts and comments, and the resolution are read from the source's container
(one module each: `jpeg`, `png`, `tiff`, `webp`) into one value, `Metadata`; updated to describe the result
(`file_properties`); mapped to the fields that the result's container has (`text_fields`); and written by the same
modules. Notes list what cannot be kept.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from photochrom.errors import BadPicture
from photochrom.image.file_view import FileView
from photochrom.image.kinds import JPEG, kind_of
from photochrom.image.metadata import file_properties, iptc, jpeg, photoshop, png, text_fields, tiff, webp
from photochrom.image.metadata.blocks import exif_of, merged, xmp_of
from photochrom.image.metadata.facts import Container, Facts, facts_of
from photochrom.image.metadata.model import Metadata, Resolution

if TYPE_CHECKING:
    import pyvips

    from photochrom.image.mark import Mark
    from photochrom.image.picture import Picture

__all__ = ["Container", "Facts", "Metadata", "add", "facts_of", "of_picture", "of_result", "read", "read_fields"]

_SIGNATURES: Final[tuple[tuple[bytes, int, Container], ...]] = (
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpeg"),
    (b"II*\0", 0, "tiff"),
    (b"MM\0*", 0, "tiff"),
    (b"II+\0", 0, "tiff"),
    (b"MM\0+", 0, "tiff"),
    (b"WEBP", 8, "webp"),
)
_MODULES: Final[dict[Container, ModuleType]] = {"png": png, "jpeg": jpeg, "webp": webp}


def of_picture(picture: Picture) -> Metadata:
    """Reads the metadata of a picture of any kind; `notes` report damage. Raises BadPicture if it cannot be read."""
    try:
        found = read(picture.path, picture.stored.directory)
    except OSError as error:
        raise BadPicture(f"{picture.path} cannot be read: {error.strerror}.", "Check the disk and the name.") from error
    return found or read_fields(picture.pixels())


def read(path: Path, page: int = 0) -> Metadata | None:
    """Reads the metadata of a PNG, JPEG, TIFF (the page of that number) or WebP file; None for any other kind.

    `notes` report damage. Raises OSError, and BadPicture if it is no picture at all.
    """
    with path.open("rb") as file:
        container = _container(path, file.read(16))
        if container is None:
            return None
        data = FileView(file)
        found: Metadata = tiff.read(data, page) if container == "tiff" else _MODULES[container].read(data)
        return found


def orientation(path: Path) -> int:
    """How the picture in a PNG or JPEG file is turned by the EXIF that `read` finds in it, 1…8; 0 if nothing says so.

    Raises OSError.
    """
    with path.open("rb") as file:
        container = _container(path, file.read(16))
        if container not in ("png", "jpeg"):
            return 0
        found, _ = exif_of(_MODULES[container].exif_block(FileView(file)))
    return found.exif.orientation if found else 0


def _container(path: Path, head: bytes) -> Container | None:
    """What the file with these first bytes is, if it is one of `read`."""
    if len(head) < 12:
        return None
    for signature, start, container in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return container
    return "jpeg" if kind_of(path) is JPEG else None  # with some junk before it


def read_fields(image: pyvips.Image) -> Metadata:
    """Reads metadata from the fields of `image`: "exif-data", "xmp-data", "iptc-data" (records, or a JPEG segment with
    them), "photoshop-data" (resources); and its resolution, unless that is vips' default."""
    found, notes = exif_of(_field(image, "exif-data"))
    packet, said = xmp_of(_field(image, "xmp-data"))
    data = _field(image, "iptc-data")
    resources = _field(image, "photoshop-data") or data.removeprefix(photoshop.HEADER)
    kept, blocks = photoshop.split(photoshop.parse(resources))
    records, left_out = iptc.joined(*((data,) if data.startswith(b"\x1c") else blocks))
    dots = None if (image.xres, image.yres) == (1, 1) else _dots(image.xres, image.yres)
    return merged(
        found, Metadata(xmp=packet, iptc=records, photoshop=kept, resolution=dots, notes=(*notes, *said, *left_out))
    )


def _dots(across: float, down: float) -> Resolution | None:
    """Pixels per millimeter to pixels per inch, rounded where they are nearly whole."""
    x, y = (Fraction(round(value * 25.4, 3)).limit_denominator(1000) for value in (across, down))
    return Resolution(x, y, 2) if min(x, y) > 0 else None


def _field(image: pyvips.Image, name: str) -> bytes:
    return bytes(image.get(name)) if image.get_typeof(name) else b""


def of_result(source: Metadata, facts: Facts, mark: Mark | None) -> Metadata:
    """Returns the metadata of `source` updated for a result with these `facts`, with its `mark`."""
    found = text_fields.carry_over(file_properties.update(source, facts), facts.container)
    if mark is None:
        return found
    return replace(found, xmp=mark.packet(found.xmp))


def add(path: Path, container: Container, metadata: Metadata) -> tuple[str, ...]:
    """Adds metadata to a file that libvips has just written; returns notes on what does not fit. Raises OSError."""
    if container == "tiff":
        with path.open("r+b") as file:
            return tiff.write(file, metadata)
    whole = path.with_name(f"{path.stem}-whole{path.suffix}")
    try:
        with path.open("rb") as old, whole.open("w+b") as new:
            notes: tuple[str, ...] = _MODULES[container].write(old, new, metadata)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)
    return notes
