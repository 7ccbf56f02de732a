"""BMP files, decoded by Pillow: every bit depth, run-length encoding, masks; the profile of version 5."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyvips

from photochrom.image.formats.samples import check_page, decoding, image_of, once, with_fields
from photochrom.image.limits import check_size
from photochrom.image.stored_image import StoredImage

if TYPE_CHECKING:
    from PIL.BmpImagePlugin import BmpImageFile

_NAME: Final = "BMP"
_MODES: Final = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB", "RGBA": "RGBA"}
"""Pillow's mode of the file to the mode to decode to."""

_V5_SIZE: Final = 124
_MAX_PROFILE: Final = 16_000_000


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`."""
    check_page(path, number, 1)
    with decoding(path, _NAME), _open(path) as bmp:
        width, height = bmp.size
        mode = _MODES[bmp.mode]
        dots = bmp.info.get("dpi")
    check_size(path, width, height, max_pixels, whole=True, pixel_bytes=len(mode))
    icc = _profile(path)

    def decode() -> pyvips.Image:
        with decoding(path, _NAME), _open(path) as bmp:
            image = image_of(np.asarray(bmp.convert(mode)))
        if dots and min(dots) > 1:
            image = image.copy(xres=dots[0] / 25.4, yres=dots[1] / 25.4)
        return with_fields(image, {"icc-profile-data": icc})

    return StoredImage(
        width=width,
        height=height,
        format="uchar",
        color="gray" if mode == "L" else "rgb",
        load=once(decode),
        alpha=mode == "RGBA",
        icc=icc,
        whole=True,
    )


def _open(path: Path) -> BmpImageFile:
    """Opens with the format's own class: Pillow tries no other format and does not apply its own pixel limit."""
    from PIL.BmpImagePlugin import BmpImageFile

    return BmpImageFile(path)


def _profile(path: Path) -> bytes | None:
    """The profile embedded in a file of version 5 (BITMAPV5HEADER)."""
    with path.open("rb") as file:
        head = file.read(14 + _V5_SIZE)
        if len(head) < 14 + _V5_SIZE or struct.unpack_from("<I", head, 14)[0] != _V5_SIZE or head[70:74] != b"DEBM":
            return None
        start, size = struct.unpack_from("<II", head, 14 + 112)
        file.seek(14 + start)
        return file.read(size) if 0 < size <= _MAX_PROFILE else None
