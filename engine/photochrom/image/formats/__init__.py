"""Readers for formats that libvips does not decode: one module per format, each with one function, `open_stored`.

`open_stored(path, number, max_pixels)` reads only the header, checks the size, and returns page `number` (1…) of the
file as a `StoredImage`. Its samples are decoded on first use and then cached with it: these decoders hold the whole
picture anyway. It raises BadPicture, BadRequest if there is no such page, and OSError. `photochrom.image.kinds` maps
files to modules. The libraries come with the extra `formats` and are imported when a file needs them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, cast

from photochrom.errors import ExtraMissing
from photochrom.frozen import install_extra
from photochrom.image.kinds import Kind
from photochrom.image.stored_image import StoredImage

_MODULES: Final = {
    "pillow": "PIL", "pillow-heif": "pillow_heif", "pillow-jxl-plugin": "pillow_jxl", "psd-tools": "psd_tools",
}  # fmt: skip
"""Import names of packages, where they differ."""


def open_stored(kind: Kind, path: Path, number: int, max_pixels: int) -> StoredImage:
    """Opens page `number` (1…) of the file `path` with the reader of its kind.

    Raises BadPicture, BadRequest if there is no such page, ExtraMissing if its library is not installed, OSError.
    """
    missing = [package for package in kind.needs if find_spec(_MODULES.get(package, package)) is None]
    if missing:
        raise ExtraMissing(
            f"Reading {path}, a {kind.name} picture, needs {' and '.join(missing)}.",
            f"{install_extra('formats')}. Or save the picture as TIFF, PNG or JPEG.",
        )
    reader = import_module(f"photochrom.image.formats.{kind.reader}")
    return cast(StoredImage, reader.open_stored(path, number, max_pixels))
