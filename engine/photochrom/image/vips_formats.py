"""Opens PNG, JPEG, WebP and GIF files with libvips, by the loader of their kind and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from photochrom.errors import BadPicture
from photochrom.image import file_source, jpeg, png_color
from photochrom.image.color_spaces import LARGEST, GraySpace, RGBSpace
from photochrom.image.limits import check_size
from photochrom.image.stored_image import COLOR_BANDS, ColorModel, StoredImage, arranged
from photochrom.image.tiff import no_such_page


def open_stored(path: Path, loader: str, number: int, max_pixels: int) -> StoredImage:
    """Opens page `number` (1…) of the file `path`; only its header is read.

    Raises BadPicture, BadRequest if there is no such page, pyvips.Error.
    """
    if loader == "jpegload" and (frame := jpeg.deep(path)):
        return _deep(path, frame, max_pixels)
    mended = jpeg.mended(path) if loader == "jpegload" else None

    def raw(sequential: bool, number: int = number) -> pyvips.Image:
        if mended is not None:
            return mended.load(sequential=sequential)
        # A damaged file is an error, not a picture that is gray from there on.
        options: dict[str, Any] = {"access": "sequential" if sequential else "random", "fail_on": "error"}
        if number > 1:
            options["page"] = number - 1
        return file_source.load(f"{loader}_source", path, **options)

    header = raw(True, 1)
    pages = header.get("n-pages") if header.get_typeof("n-pages") else 1
    if not 1 <= number <= pages:
        raise no_such_page(path, number, pages)
    orientation = _orientation(header)
    whole = loader in ("webpload", "gifload") or _has(header, "interlaced") or _has(header, "jpeg-multiscan")
    check_size(path, header.width, header.height, max_pixels, whole=whole or orientation > 2)
    if header.format not in LARGEST:
        raise BadPicture(
            f"{path} has samples of an unsupported format ({header.format}).",
            "Save it with 8 or 16 bits per channel, or as floating point.",
        )
    color: ColorModel = "cmyk" if header.interpretation == "cmyk" else "gray" if header.bands < 3 else "rgb"
    bands = COLOR_BANDS[color]
    alpha = bands if header.bands > bands else None
    return StoredImage(
        width=header.width,
        height=header.height,
        format=header.format,
        color=color,
        load=lambda sequential: arranged(raw(sequential), bands, alpha),
        alpha=alpha is not None,
        orientation=orientation,
        icc=header.get("icc-profile-data") if header.get_typeof("icc-profile-data") else None,
        space=_space(path, color) if loader == "pngload" else None,
        pages=pages,
        notes=mended.notes if mended is not None else (),
        whole=whole,
        loader=loader,
    )


def _space(path: Path, color: ColorModel) -> GraySpace | RGBSpace | None:
    """The color space of a PNG file's samples by its chunks besides a profile, if any."""
    spaces = png_color.spaces_of(path)
    return spaces and spaces[0 if color == "gray" else 1]


def _orientation(header: pyvips.Image) -> int:
    """The EXIF orientation, 1…8; 1 if it is missing or invalid."""
    orientation = header.get("orientation") if header.get_typeof("orientation") else 1
    return orientation if orientation in range(1, 9) else 1


def _has(header: pyvips.Image, flag: str) -> bool:
    """Whether a flag among an image's metadata fields is present and set."""
    return bool(header.get_typeof(flag) and header.get(flag))


def _deep(path: Path, frame: jpeg.Frame, max_pixels: int) -> StoredImage:
    """Opens a JPEG file with more than 8 bits per sample, which is decoded as a whole."""
    check_size(path, frame.width, frame.height, max_pixels, whole=True, pixel_bytes=8)
    image = jpeg.decode(path, frame)
    color: ColorModel = "gray" if image.bands == 1 else "rgb" if image.bands == 3 else "cmyk"
    return StoredImage(
        width=frame.width,
        height=frame.height,
        format="ushort",
        color=color,
        load=lambda _: image,
        icc=frame.icc,
        whole=True,
        loader="jpegload",
    )
