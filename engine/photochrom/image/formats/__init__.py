"""Readers of the formats that libvips leaves to others: a module a format, each with one function, `open_stored`.

`open_stored(path, number, max_pixels)` reads the header alone, checks the size, and gives picture `number` (1…) of the
file as a `StoredImage`. Its samples are decoded when they are first asked for, and then kept as long as it is: these
decoders hold the whole picture anyway. It raises BadPicture, BadRequest where there is no such picture, and OSError.
`photochrom.image.kinds` says which module
reads which file. The libraries come with the extra `formats` and are imported when a file needs them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, cast

from photochrom.errors import ExtraMissing
from photochrom.image.kinds import Kind
from photochrom.image.stored_image import StoredImage

_MODULES: Final = {
    "pillow": "PIL", "pillow-heif": "pillow_heif", "pillow-jxl-plugin": "pillow_jxl", "psd-tools": "psd_tools",
}  # fmt: skip
"""What a package is imported as, where that is another name."""


def open_stored(kind: Kind, path: Path, number: int, max_pixels: int) -> StoredImage:
    """Picture `number` (1…) of the file `path` by the reader of its kind.

    Raises BadPicture, BadRequest where there is no such picture, ExtraMissing where its library is not there, OSError.
    """
    missing = [package for package in kind.needs if find_spec(_MODULES.get(package, package)) is None]
    if missing:
        raise ExtraMissing(
            f"{path} is a {kind.name} picture, which needs {' and '.join(missing)} to be read.",
            "Install it with: pip install 'photochrom[formats]'. Or save the picture as TIFF, PNG or JPEG.",
        )
    reader = import_module(f"photochrom.image.formats.{kind.reader}")
    return cast(StoredImage, reader.open_stored(path, number, max_pixels))
