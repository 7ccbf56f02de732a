"""Opens PNG, JPEG, WebP and GIF files with libvips, by the loader of their kind and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from photochrom.errors import BadPicture
from photochrom.image import file_source, jpeg, metadata, png_color
from photochrom.image.color_spaces import LARGEST
from photochrom.image.limits import check_size
from photochrom.image.stored_image import COLOR_BANDS, ColorModel, StoredImage, arranged
from photochrom.image.tiff import no_such_page


def open_stored(path: Path, loader: str, number: int, max_pixels: int) -> StoredImage:
    """Opens page `number` (1…) of the file `path`; only its header is read.

    Raises BadPicture, BadRequest if there is no such page, pyvips.Error.
    """
    if loader == "jpegload" and (frame := jpeg.rare(path)):
        return _rare(path, frame, max_pixels)
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
    orientation = _orientation(path, header)
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
    icc = header.get("icc-profile-data") if header.get_typeof("icc-profile-data") else None
    space, notes = None, mended.notes if mended is not None else ()
    if loader == "pngload":
        icc, spaces, notes = png_color.color_of(path, icc)
        space = spaces and spaces[0 if color == "gray" else 1]
    return StoredImage(
        width=header.width,
        height=header.height,
        format=header.format,
        color=color,
        load=lambda sequential: _described(arranged(raw(sequential), bands, alpha), orientation, icc),
        alpha=alpha is not None,
        orientation=orientation,
        icc=icc,
        space=space,
        pages=pages,
        notes=notes,
        whole=whole,
        loader=loader,
    )


def _orientation(path: Path, header: pyvips.Image | None = None) -> int:
    """The orientation by EXIF, 1…8; 1 if it is missing or invalid.

    It is the one in the metadata that the result gets, where it becomes 1: libvips does not see every place where
    programs write EXIF. Only without one there, what libvips found counts.
    """
    found = metadata.orientation(path)
    if found == 0 and header is not None and header.get_typeof("orientation"):
        found = header.get("orientation")
    return found if found in range(1, 9) else 1


def _described(image: pyvips.Image, orientation: int, icc: bytes | None) -> pyvips.Image:
    """The image with what libvips needs to turn it, and to convert it by its profile."""
    image = image.copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return image


def _has(header: pyvips.Image, flag: str) -> bool:
    """Whether a flag among an image's metadata fields is present and set."""
    return bool(header.get_typeof(flag) and header.get(flag))


def _rare(path: Path, frame: jpeg.Frame, max_pixels: int) -> StoredImage:
    """Opens a JPEG file that libvips cannot decode; it is decoded as a whole."""
    check_size(path, frame.width, frame.height, max_pixels, whole=True, pixel_bytes=8)
    image, notes = jpeg.decode(path, frame)
    color: ColorModel = "gray" if image.bands < 3 else "rgb" if image.bands == 3 else "cmyk"
    orientation = _orientation(path)
    return StoredImage(
        width=frame.width,
        height=frame.height,
        format=image.format,
        color=color,
        load=lambda _: _described(arranged(image, COLOR_BANDS[color], None), orientation, frame.icc),
        orientation=orientation,
        icc=frame.icc,
        notes=notes,
        whole=True,
        loader="jpegload",
    )
