"""The mark in files that any program has written: put in, looked for, taken out. The picture's bytes stay.

What is put in is what `colorize` writes: see `image.mark`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom import __version__
from photochrom.errors import BadPicture, OutputFailed
from photochrom.image import containers
from photochrom.image.mark import Mark, SourceNote, read_note, without
from photochrom.image.metadata.xmp import BadXMP


def read(path: Path) -> SourceNote:
    """What the file's XMP says about its source.

    Raises:
        BadPicture: it is no PNG, JPEG, TIFF, WebP or OpenRaster file, or damaged.
    """
    with _understood(path):
        return read_note(containers.packet_of(path))


def mark(path: Path, colorizer: str = "") -> bool:
    """Says in the file's XMP that a trained algorithm made its color; False if it says the same already.

    `colorizer`: by whose colors; "" where that is not known: then what the file says of it already stays.

    Raises:
        BadPicture: as `read`; its XMP is damaged, and would be lost.
        OutputFailed: the file cannot be written, or has no room.
    """
    wanted = Mark(colorizer, __version__)
    before = read(path)
    if before == wanted.note or (before.is_ours and not colorizer):
        return False
    _change(path, wanted.packet)
    if read(path) != wanted.note:
        raise OutputFailed(f"{path} does not say what was written into it.", "Report this, with a copy of the file.")
    return True


def unmark(path: Path) -> bool:
    """Takes out what `mark` and `colorize` put in; False if there is nothing of it.

    Raises:
        BadPicture, OutputFailed: as `mark`.
    """
    if not read(path).is_ours:
        return False
    _change(path, lambda packet: None if packet is None else without(packet))
    return True


def _change(path: Path, edit: containers.Edit) -> None:
    with _understood(path):
        containers.rewrite(path, edit)


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    try:
        yield
    except BadXMP as error:
        raise BadPicture(
            f"{path}: its XMP metadata {error}; writing into it would lose what it says.",
            f"Keep a copy, take it out with “exiftool -XMP:all= {path.name}”, and try again.",
        ) from error
