"""HEIC, the format of phones, decoded by pillow-heif (ISO/IEC 23008-12).

The decoder applies the file's rotation and mirroring (`irot`, `imir`); the orientation in EXIF is a copy of that and is
ignored. The color space is that of the profile, else of the code points (`nclx`), else sRGB.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyvips

from photochrom.image.color_spaces import GraySpace
from photochrom.image.formats.heif import space_of, told_of
from photochrom.image.formats.samples import (
    check_page,
    decoding,
    format_of,
    image_of,
    once,
    to_full_range,
    with_fields,
)
from photochrom.image.limits import check_size
from photochrom.image.stored_image import StoredImage

if TYPE_CHECKING:
    from pillow_heif import HeifImage

_NAME: Final = "HEIC"


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`; the first picture is the main one."""
    with decoding(path, _NAME):
        picture, pages = _open(path, number)
        information: dict[str, Any] = picture.info
        width, height = picture.size
        layout, bits = picture.mode.partition(";")[0], int(information["bit_depth"])
    check_size(path, width, height, max_pixels, whole=True, pixel_bytes=8)
    points = information.get("nclx_profile")
    icc = information.get("icc_profile")
    space = None
    if not icc and points:
        space = space_of(path, int(points["color_primaries"]), int(points["transfer_characteristics"]))
    fields = {
        "icc-profile-data": icc,
        "exif-data": information.get("exif"),
        "xmp-data": information.get("xmp"),
    }

    def decode() -> pyvips.Image:
        with decoding(path, _NAME):
            image = image_of(np.asarray(_open(path, number)[0]))
        if bits > 8:
            image = to_full_range(image >> (16 - bits), 2**bits - 1)
        if layout.endswith("a"):
            image = image.unpremultiply(max_alpha=255 if bits <= 8 else 65535).rint().cast(image.format)
        return with_fields(image, fields)

    gray = layout in ("L", "I", "LA", "La")
    return StoredImage(
        width=width,
        height=height,
        format=format_of(bits),
        color="gray" if gray else "rgb",
        load=once(decode),
        alpha=layout[-1] in "Aa",
        icc=icc,
        space=GraySpace(space.name, space.curves[0], None) if gray and space else space,
        pages=pages,
        whole=True,
        notes=told_of(information.get("aux", {}), information.get("depth_images", [])),
    )


def _open(path: Path, number: int) -> tuple[HeifImage, int]:
    """Picture `number`, not yet decoded, and the number of pictures."""
    import pillow_heif

    file = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    check_page(path, number, len(file))
    others = [image for place, image in enumerate(file) if place != file.primary_index]
    return [file[file.primary_index], *others][number - 1], len(file)
