"""A photograph in a file, PNG, TIFF, JPEG or WebP: what its header says, and its lightness.

Everything streams: a picture is opened by its header, and `Picture.lightness` is a lazy image that decodes as
it is read. Only pictures that the file stores turned by a quarter, interlaced or progressive ones, and WebP
pass through memory (or a temporary file) whole.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image import colorimetry, exif, lab
from photochrom.image.colorimetry import finite
from photochrom.image.exif import Exif
from photochrom.image.spaces import LARGEST, SRGB, SRGB_CURVE, Format, GraySpace, RGBSpace, parse_icc

# What libvips warns of comes back as an error, or is no concern of the user; without a handler Python prints it.
logging.getLogger("pyvips").addHandler(logging.NullHandler())

MAX_PIXELS: Final = 1_000_000_000
"""A gigapixel: more than any scanner bed gives. Larger pictures are refused before they are decoded."""

MAX_PIXELS_WHOLE: Final = 250_000_000
"""The limit where the decoder must hold the whole picture: interlaced, progressive, turned, WebP."""

MAX_SIDE: Final = 200_000
"""The limit of width and height: a strip of it must fit into memory."""

_READABLE: Final = "PNG, TIFF, JPEG or WebP"

_SIGNATURES: Final[tuple[tuple[bytes, int, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", 0, "pngload"),
    (b"\xff\xd8\xff", 0, "jpegload"),
    (b"II*\0", 0, "tiffload"),
    (b"MM\0*", 0, "tiffload"),
    (b"II+\0", 0, "tiffload"),
    (b"MM\0+", 0, "tiffload"),
    (b"WEBP", 8, "webpload"),
)
"""First bytes, where they stand, and the one vips loader that is allowed to see such a file."""

_Source = GraySpace | RGBSpace | Literal["lcms"]

UNTAGGED_RGB: Final = replace(SRGB, name="sRGB (no profile)", icc=None)
UNTAGGED_GRAY: Final = GraySpace("gray with the sRGB curve (no profile)", SRGB_CURVE, None)


@dataclass(frozen=True, eq=False)
class Picture:
    """A photograph in a file. `width` and `height` are those of the upright picture.

    `format` is that of the samples ("uchar", "ushort", "float"), `icc` the profile in the file, `space` the
    RGB space its colour version has unless another is asked for, `notes` what a person should be told,
    `loader` the vips operation that reads it, `exif` the tags that describe the photograph.
    """

    path: Path
    width: int
    height: int
    format: Format
    alpha: bool
    icc: bytes | None = field(repr=False)
    space: RGBSpace
    notes: tuple[str, ...]
    loader: str = field(repr=False)
    exif: Exif = field(repr=False)
    _orientation: int = field(repr=False)
    _source: _Source = field(repr=False)

    def lightness(self) -> pyvips.Image:
        """D50 L* (1 band float, 0…100 for integer pictures): fresh and lazy.

        The file is decoded as it is read: good for one pass from top to bottom. Damage further down shows
        only then, as `pyvips.Error`: read inside `with picture.reading()`.
        """
        return self.lightness_of(self.pixels())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turns what vips says about damaged files into `BadPicture`."""
        try:
            yield
        except pyvips.Error as error:
            raise _damaged(self.path, error) from error

    def pixels(self) -> pyvips.Image:
        """All bands of the upright picture, as they are in the file, with its metadata: fresh and lazy."""
        image = _load(self.path, self.loader, sequential=self._orientation in (1, 2))
        if self._orientation > 1:
            image = image.autorot()
        return image.cast("float") if image.format == "double" else image

    def colour_of(self, pixels: pyvips.Image) -> pyvips.Image:
        """All bands of `pixels` but the alpha."""
        return pixels[: pixels.bands - 1] if self.alpha else pixels

    def lightness_of(self, pixels: pyvips.Image) -> pyvips.Image:
        """`lightness` from `pixels` of this picture, where both are needed in one pass."""
        source, integer = self._source, self.format != "float"
        colour = self.colour_of(pixels)
        if source == "lcms":
            return lab_by_lcms(colour)[0]
        if isinstance(source, RGBSpace):
            luminance = source.luminance_of(colour)
            if integer:
                return colorimetry.lightness_from_unit_luminance(luminance)
            return colorimetry.lightness_from_luminance(finite(luminance))
        assert isinstance(source, GraySpace)
        if integer:
            codes = np.arange(LARGEST[self.format] + 1) / LARGEST[self.format]
            table = lab.lightness_from_luminance(source.curve.decode(codes)).astype(np.float32)
            return colour.maplut(pyvips.Image.new_from_array(table[None]))
        return colorimetry.lightness_from_luminance(finite(source.curve.decode_image(colour)))


def open_picture(path: Path | str, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """The photograph in the file `path`; only its header is read.

    Of a file with several pages (TIFF, animated WebP) the first is taken, and `notes` says so. Raises
    BadPicture, naming the file, where it is not there, not readable, not one of the four formats, damaged,
    empty, or larger than `max_pixels` or `MAX_SIDE`.
    """
    path = Path(path)
    loader = _loader(path)
    try:
        image = _load(path, loader, sequential=True)
    except pyvips.Error as error:
        raise _damaged(path, error) from error
    orientation = image.get("orientation") if "orientation" in image.get_fields() else 1
    orientation = orientation if orientation in range(1, 9) else 1
    _check_size(path, image, loader, orientation, max_pixels)
    notes = []
    if "n-pages" in image.get_fields() and (pages := image.get("n-pages")) > 1:
        notes.append(f"{path.name} holds {pages} pictures; only the first is used.")
    sample = "float" if image.format == "double" else image.format
    if sample not in LARGEST:
        raise BadPicture(
            f"{path} has samples of a kind that photographs do not have ({image.format}).",
            "Save it with 8 or 16 bits per channel, or as floating point.",
        )
    bands = 4 if image.interpretation == "cmyk" else 1 if image.bands < 3 else 3
    if image.bands not in (bands, bands + 1):
        raise BadPicture(
            f"{path} has {image.bands} channels, which is neither gray, RGB nor CMYK.",
            "Save it as a gray or RGB picture.",
        )
    icc = image.get("icc-profile-data") if "icc-profile-data" in image.get_fields() else None
    source, note = _source(image[:bands] if image.bands > bands else image, icc)
    if note:
        notes.append(f"{path.name}: {note}")
    turned = orientation > 4
    return Picture(
        path=path,
        width=image.height if turned else image.width,
        height=image.width if turned else image.height,
        format=sample,
        alpha=image.bands > bands,
        icc=icc,
        space=source if isinstance(source, RGBSpace) else SRGB,
        notes=tuple(notes),
        loader=loader,
        exif=_exif(path, loader, image),
        _orientation=orientation,
        _source=source,
    )


def _exif(path: Path, loader: str, image: pyvips.Image) -> Exif:
    if loader == "tiffload":
        return exif.of_tiff(path)
    return exif.of_block(image.get("exif-data")) if "exif-data" in image.get_fields() else Exif()


def _loader(path: Path) -> str:
    """The vips loader for the first bytes of the file."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError as error:
        raise BadPicture(f"There is no file {path}.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise BadPicture(f"{path} is a folder.", "Name the pictures in it.") from error
    except PermissionError as error:
        raise BadPicture(f"{path} may not be read by you.", "Change its permissions, or copy it.") from error
    except OSError as error:
        raise BadPicture(f"{path} cannot be read: {error.strerror}.", "Check the disk and the name.") from error
    if not head:
        raise BadPicture(f"{path} is empty (0 bytes).", "Copy or scan it again.")
    for signature, start, loader in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return loader
    raise BadPicture(f"{path} is not a {_READABLE} picture.", f"Save it as {_READABLE} with an image editor.")


def _load(path: Path, loader: str, *, sequential: bool) -> pyvips.Image:
    # By bytes: names that are not UTF-8 exist. By the loader's own name: no options are read from the path.
    # A damaged file is an error, not a picture that is gray from there on. Never a stale cached picture.
    access = "sequential" if sequential else "random"
    options = {"access": access, "fail_on": "error", "revalidate": True}
    if loader == "tiffload":
        options["unlimited"] = True  # libtiff's limit of 50 MB refuses large scans stored as a single strip
    return pyvips.Operation.call(loader, os.fsencode(path), **options)


def _check_size(path: Path, image: pyvips.Image, loader: str, orientation: int, max_pixels: int) -> None:
    fields = image.get_fields()
    whole = (
        orientation > 2
        or loader == "webpload"
        or ("interlaced" in fields and image.get("interlaced"))
        or ("jpeg-multiscan" in fields and image.get("jpeg-multiscan"))
    )
    limit = min(max_pixels, MAX_PIXELS_WHOLE) if whole else max_pixels
    if image.width * image.height > limit or max(image.width, image.height) > MAX_SIDE:
        raise BadPicture(
            f"{path} says it is {image.width} × {image.height} pixels, more than Photochrom takes "
            f"({limit / 1e6:g} megapixels{' stored in this way' if whole else ''}, {MAX_SIDE} a side).",
            "Make it smaller, or cut it into parts.",
        )


def _damaged(path: Path, error: pyvips.Error) -> BadPicture:
    detail = " ".join(line.strip() for line in (error.detail or "").splitlines() if line.strip())
    return BadPicture(
        f"{path} is damaged, cut off or of a rare kind ({detail or 'its header makes no sense'}).",
        "Copy or scan it again, or open it in an image editor and save it as RGB or gray.",
    )


def _source(colour: pyvips.Image, icc: bytes | None) -> tuple[_Source, str | None]:
    """How to get lightness from the colour bands, and a note where the profile is not what was used."""
    if colour.interpretation == "cmyk":
        return "lcms", None if icc else "CMYK without a profile; libvips' own CMYK profile is taken."
    gray = colour.bands == 1
    space = parse_icc(icc) if icc else None
    if gray and isinstance(space, RGBSpace):
        return GraySpace(space.name, space.curves[1], icc), None
    if isinstance(space, GraySpace if gray else RGBSpace):
        return space, None
    if icc and space is None and icc[16:20] == (b"GRAY" if gray else b"RGB ") and _lcms_reads(colour, icc):
        return "lcms", None if gray else "its colour profile is made of tables; the result is in sRGB."
    note = "its colour profile is damaged or of another kind of picture; sRGB is assumed." if icc else None
    return UNTAGGED_GRAY if gray else UNTAGGED_RGB, note


def _lcms_reads(colour: pyvips.Image, icc: bytes) -> bool:
    pixel = pyvips.Image.black(1, 1, bands=colour.bands).cast(colour.format)
    pixel = pixel.copy(interpretation=colour.interpretation)
    pixel.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    try:
        lab_by_lcms(pixel).avg()
    except pyvips.Error:
        return False
    return True


def lab_by_lcms(colour: pyvips.Image) -> pyvips.Image:
    """To Lab D50 by lcms, relative colorimetric, as for every profile read here."""
    if colour.format == "float":
        colour = (colour.clamp(min=0, max=1) * 65535 + 0.5).cast("ushort")
    return colour.icc_import(embedded=True, input_profile="cmyk", intent="relative", pcs="lab")
