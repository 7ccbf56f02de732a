"""Adds, reads and removes the mark (see `image.mark`) in files of any program, without touching the picture's bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from photochrom import __version__
from photochrom.errors import BadPicture, OutputFailed
from photochrom.image import containers
from photochrom.image.mark import Mark, SourceNote, read_note, without
from photochrom.image.metadata.xmp import BadXMP
from photochrom_client.given import Given, written


def read(path: Path) -> SourceNote:
    """Reads the note on its source from a file's XMP.

    Raises:
        BadPicture: it is not a PNG, JPEG, TIFF, WebP or OpenRaster file, or damaged.
    """
    with _understood(path):
        return read_note(containers.packet_of(path))


def mark(path: Path, colorizer: str = "", given: Sequence[Given] = ()) -> bool:
    """Adds the mark to a file's XMP; returns False if it has the same one already.

    `colorizer`: the source of the colors; "" if unknown, which keeps a colorizer that the file already names.
    `given`: the colors that a person gave; with none, those that the file already names stay.

    Raises:
        BadPicture: as `read`; or its XMP is damaged, and would be lost.
        OutputFailed: the file cannot be written, or its container has no room.
    """
    before = read(path)
    wanted = Mark(colorizer, __version__, given=tuple(given))
    if before.is_ours and not colorizer:
        if written(before.given) == written(given) or not given:
            return False
        wanted = replace(wanted, colorizer=before.colorizer)
    expected = wanted.note if given else replace(wanted.note, ai_prompt_information=before.ai_prompt_information)
    if before == expected:
        return False
    _change(path, wanted.packet)
    if read(path) != expected:
        raise OutputFailed(f"{path} does not contain what was written to it.", "Report this, with a copy of the file.")
    return True


def unmark(path: Path) -> bool:
    """Removes what `mark` and `colorize` added; returns False if there is nothing to remove.

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
            f"{path}: its XMP metadata {error}; changing the file would lose its content.",
            f"Keep a copy, remove it with “exiftool -XMP:all= {path.name}”, and try again.",
        ) from error
