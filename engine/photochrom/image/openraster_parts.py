"""The pictures in an OpenRaster file whose tones should be those of the photograph: what viewers show, and the
photograph itself."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from photochrom.errors import BadPicture
from photochrom.image.openraster import SOURCE_LAYER
from photochrom.image.picture import Picture, open_picture

MERGED: Final = "mergedimage.png"

_MOST_STACK: Final = 1 << 22
"""Bytes of a `stack.xml`."""

_MOST_BESIDE_PIXELS: Final = 1 << 26
"""Bytes of metadata in a PNG, and of what its compression may add."""

_PIXEL: Final = 8
"""Bytes of a pixel in the largest PNG: four samples of 16 bits."""


class Part(NamedTuple):
    """A picture in the file, and what to call it."""

    name: str
    picture: Picture


@contextmanager
def parts(path: Path, pixels: int) -> Iterator[list[Part]]:
    """The merged picture, and the layer with the photograph if there is one; unpacked while the context lasts.
    `pixels`: how many the photograph has; larger pictures are not unpacked.

    Raises:
        BadPicture: it is no OpenRaster file, or a picture in it is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder, _archive(path) as archive:
        layer = _photograph(path, archive)
        members = {"the merged picture": MERGED} | ({f"the layer “{SOURCE_LAYER}”": layer} if layer else {})
        found = []
        for number, (name, member) in enumerate(members.items()):
            unpacked = Path(folder) / f"{number}.png"
            _unpack(path, archive, member, unpacked, pixels * _PIXEL + _MOST_BESIDE_PIXELS)
            found.append(Part(name, replace(open_picture(unpacked), notes=())))
        yield found


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise _bad(path, str(error)) from error
    with archive:
        yield archive


def _photograph(path: Path, archive: zipfile.ZipFile) -> str | None:
    """The member of the layer that holds the photograph, wherever in the stack it is by now."""
    try:
        if archive.getinfo("stack.xml").file_size > _MOST_STACK:
            raise _bad(path, "its list of layers is too large")
        stack = ET.fromstring(archive.read("stack.xml"))
    except (KeyError, ET.ParseError, zipfile.BadZipFile, zlib.error) as error:
        raise _bad(path, str(error)) from error
    return next((layer.get("src") for layer in stack.iter("layer") if layer.get("name") == SOURCE_LAYER), None)


def _unpack(path: Path, archive: zipfile.ZipFile, member: str, out: Path, most: int) -> None:
    try:
        info = archive.getinfo(member)
        if info.file_size > most:
            raise _bad(path, f"{member} is larger than the photograph")
        with archive.open(info) as packed, out.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _bad(path, str(error)) from error


def _bad(path: Path, why: str) -> BadPicture:
    return BadPicture(f"{path} is no whole OpenRaster file: {why}.", "Write it again.")
