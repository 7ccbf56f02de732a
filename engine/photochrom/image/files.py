"""Photographs in files: PNG, TIFF, JPEG and WebP in; the same and layered OpenRaster out.

Everything streams: a picture is opened by its header, `Picture.lightness` is a lazy image that decodes as it
is read, and `write_picture` composes and encodes strip by strip. Only pictures that the file stores turned
by a quarter, interlaced or progressive ones, and WebP pass through memory (or a temporary file) whole.

What comes out:

- RGB, with the source's own bits per sample where the format can hold them: PNG and OpenRaster 8 or 16
  (float becomes 16), TIFF 8, 16 or float, JPEG and WebP 8. JPEG is written at quality 95 without chroma
  subsampling, WebP lossless. Alpha stays bit by bit; JPEG cannot hold it and is refused.
- A source in an RGB space with a closed form keeps that space and its profile. Gray, CMYK and profiles
  made of tables come out as sRGB, or in the profile asked for. Without a profile, samples are taken as sRGB.
- Of a colour source only the lightness is used.
- Upright pixels (EXIF orientation applied and reset), resolution, EXIF and XMP kept; IPTC in TIFF and JPEG.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pyvips

from photochrom.errors import BadPicture, OutputFailed
from photochrom.image import colorimetry, exif, gamut, iptc, lab, png
from photochrom.image.colorimetry import finite
from photochrom.image.exif import Exif
from photochrom.image.mark import Mark
from photochrom.image.spaces import (
    LARGEST,
    NAMED,
    SRGB,
    SRGB_CURVE,
    Format,
    GraySpace,
    RGBSpace,
    parse_icc,
)

log = logging.getLogger(__name__)
# What libvips warns of comes back as an error, or is no concern of the user; without a handler Python prints it.
logging.getLogger("pyvips").addHandler(logging.NullHandler())

Progress = Callable[[float, str], None]
"""Called with the fraction done (0…1) and what is being done; may raise `Cancelled` to stop the work."""

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

_KEPT: Final = (
    "exif-",
    "png-comment-",
    "photoshop-data",
    "xmp-data",
    "image-description",
    "resolution-unit",
)
"""Metadata that goes over to the colour version; the rest describes how the source was encoded."""

_Source = GraySpace | RGBSpace | Literal["lcms"]

UNTAGGED_RGB: Final = replace(SRGB, name="sRGB (no profile)", icc=None)
UNTAGGED_GRAY: Final = GraySpace("gray with the sRGB curve (no profile)", SRGB_CURVE, None)


@dataclass(frozen=True, eq=False)
class Picture:
    """A photograph in a file. `width` and `height` are those of the upright picture.

    `format` is that of the samples ("uchar", "ushort", "float"), `icc` the profile in the file, `space` the
    RGB space its colour version has unless another is asked for, `notes` what a person should be told.
    """

    path: Path
    width: int
    height: int
    format: Format
    alpha: bool
    icc: bytes | None = field(repr=False)
    space: RGBSpace
    notes: tuple[str, ...]
    _loader: str = field(repr=False)
    _orientation: int = field(repr=False)
    _source: _Source = field(repr=False)
    _bands: int = field(repr=False)
    _exif: Exif = field(repr=False)

    def lightness(self) -> pyvips.Image:
        """D50 L* (1 band float, 0…100 for integer pictures): fresh and lazy.

        The file is decoded as it is read: good for one pass from top to bottom. Damage further down shows
        only then, as `pyvips.Error`: read inside `with picture.reading()`.
        """
        return self._lightness(self._pixels())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turns what vips says about damaged files into `BadPicture`."""
        try:
            yield
        except pyvips.Error as error:
            raise _damaged(self.path, error) from error

    def _pixels(self) -> pyvips.Image:
        """All bands of the upright picture, as they are in the file."""
        image = _load(self.path, self._loader, sequential=self._orientation in (1, 2))
        if self._orientation > 1:
            image = image.autorot()
        return image.cast("float") if image.format == "double" else image

    def _lightness(self, pixels: pyvips.Image) -> pyvips.Image:
        source, integer = self._source, self.format != "float"
        colour = pixels[: self._bands] if pixels.bands > self._bands else pixels
        if source == "lcms":
            return _import(colour)[0]
        if isinstance(source, RGBSpace):
            luminance = source.decode(colour).recomb(pyvips.Image.new_from_array([source.luminance.tolist()]))
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
        _loader=loader,
        _orientation=orientation,
        _source=source,
        _bands=bands,
        _exif=_exif(path, loader, image),
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
        _import(pixel).avg()
    except pyvips.Error:
        return False
    return True


def _import(colour: pyvips.Image) -> pyvips.Image:
    """To Lab D50 by lcms, relative colorimetric, as for every profile read here."""
    if colour.format == "float":
        colour = (colour.clamp(min=0, max=1) * 65535 + 0.5).cast("ushort")
    return colour.icc_import(embedded=True, input_profile="cmyk", intent="relative", pcs="lab")


# --- writing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Target:
    """A file format to write: its name, the sample format for each source format, whether it has alpha, its
    largest side, and vips' saver with its options."""

    name: str
    formats: dict[Format, Format]
    alpha: bool
    max_side: int
    saver: str
    options: dict[str, object]


_ONLY_8: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "uchar", "float": "uchar"}
_UP_TO_16: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "ushort", "float": "ushort"}
_ALL: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "ushort", "float": "float"}

PNG: Final = _Target("PNG", _UP_TO_16, True, 2**31 - 1, "pngsave", {"compression": 6})
_TIFF: Final = _Target("TIFF", _ALL, True, 2**31 - 1, "tiffsave", {"compression": "deflate"})
_JPEG: Final = _Target("JPEG", _ONLY_8, False, 65500, "jpegsave", {"Q": 95, "subsample_mode": "off"})
_WEBP: Final = _Target("WebP", _ONLY_8, True, 16383, "webpsave", {"lossless": True, "exact": True})

_JPEG_XMP: Final = 65502
"""Bytes of XMP that fit into one JPEG segment (ISO 16684-3, 1.1.3.1)."""

_TARGETS: Final = {
    ".png": PNG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": _WEBP,
}

WRITABLE: Final = (*_TARGETS, ".ora")
"""The suffixes `write_picture` knows."""


def rgb_profile(name_or_path: str) -> RGBSpace:
    """The RGB space of that name ("srgb", "display-p3", "adobe-rgb") or of an ICC profile in a file.

    Raises OutputFailed where there is no such file or it is not an RGB profile with a matrix and curves.
    """
    if (named := NAMED.get(name_or_path.lower())) is not None:
        return named
    names = ", ".join(NAMED)
    try:
        space = parse_icc(Path(name_or_path).read_bytes())
    except OSError as error:
        raise OutputFailed(
            f"There is no colour profile {name_or_path}.", f"Name one of {names}, or an .icc file."
        ) from error
    if not isinstance(space, RGBSpace):
        raise OutputFailed(
            f"{name_or_path} is not an RGB profile with a matrix and curves.",
            f"Name one of {names}, or another .icc file.",
        )
    return space


def write_picture(
    picture: Picture,
    ab: pyvips.Image,
    out: Path | str,
    *,
    mark: Mark | None,
    profile: str | None = None,
    progress: Progress | None = None,
) -> None:
    """The colour version of `picture` into the file `out`, in the format of its suffix.

    `ab` (2 bands float, the picture's size) is fitted into the gamut; L* stays the picture's. `profile` is
    the name of an RGB space or an ICC file (`rgb_profile`); None keeps the picture's. `mark` says in the
    file's XMP who made the colour.

    The file is written beside its final name and moved there when it is whole: `out` is either the old file
    or the whole new one. Raises BadPicture where the source proves damaged, OutputFailed where the result
    cannot be written (or is the source itself), Cancelled when `progress` raised it.
    """
    out = Path(out)
    if (ab.width, ab.height, ab.bands) != (picture.width, picture.height, 2):
        raise ValueError(f"ab is {ab.width} × {ab.height} × {ab.bands}, not the picture's size with 2 bands")
    if out.suffix.lower() not in WRITABLE:
        raise OutputFailed(
            f"{out} has no suffix of a format that can be written.", f"Use one of {', '.join(WRITABLE)}."
        )
    if out.exists() and out.samefile(picture.path):
        raise OutputFailed(f"{out} is the source picture itself.", "Choose another name for the result.")
    space = rgb_profile(profile) if profile else picture.space
    if out.suffix.lower() == ".ora":
        from photochrom.image import openraster

        openraster.write(picture, ab, out, mark=mark, space=space, progress=progress)
        return
    target = _TARGETS[out.suffix.lower()]
    _check_fits(picture, out, target)
    with beside(out) as unfinished:
        image = compose(picture, ab, space, target.formats[picture.format], mark)
        if target is _JPEG:
            _keep_in_segment(image, out, mark)
        save(picture, image, unfinished, target, progress)


def _keep_in_segment(image: pyvips.Image, out: Path, mark: Mark | None) -> None:
    """Reduces XMP that no JPEG segment holds to the mark, which libvips would drop with the rest."""
    if "xmp-data" in image.get_fields() and len(image.get("xmp-data")) > _JPEG_XMP:
        log.warning("%s: the XMP metadata is too long for JPEG and was left out; PNG and TIFF keep it.", out)
        image.remove("xmp-data")
        if mark is not None:
            image.set_type(pyvips.GValue.blob_type, "xmp-data", mark.packet())


def _check_fits(picture: Picture, out: Path, target: _Target) -> None:
    if picture.alpha and not target.alpha:
        raise OutputFailed(
            f"{out}: {picture.path.name} has transparency, which {target.name} cannot hold.",
            "Write PNG, TIFF or WebP instead.",
        )
    if max(picture.width, picture.height) > target.max_side:
        raise OutputFailed(
            f"{out}: {target.name} holds at most {target.max_side} pixels a side, "
            f"the picture is {picture.width} × {picture.height}.",
            "Write PNG or TIFF instead.",
        )


def compose(picture: Picture, ab: pyvips.Image, space: RGBSpace, format: Format, mark: Mark | None) -> pyvips.Image:
    """The colour version, lazy: RGB or RGBA samples of `format` in `space`, with the metadata to save."""
    pixels = picture._pixels()
    linear = gamut.linear_rgb(picture._lightness(pixels), ab, space)
    image = space.encode(linear, format)
    if picture.alpha:
        image = image.bandjoin(_rescaled(pixels[pixels.bands - 1], picture.format, format))
    interpretation = {"uchar": "srgb", "ushort": "rgb16", "float": "srgb"}[format]
    return with_metadata(picture, image.copy(interpretation=interpretation), pixels, space.icc, mark)


def as_it_is(picture: Picture) -> pyvips.Image:
    """The source's own samples, upright, as a PNG can hold them, with their profile and metadata.

    8 and 16-bit gray and RGB are untouched. Float is rounded to 16 bit; CMYK becomes sRGB.
    """
    pixels = picture._pixels()
    colour, icc, format = pixels, picture.icc, PNG.formats[picture.format]
    if pixels.interpretation == "cmyk":
        values = _import(pixels[: picture._bands] if picture.alpha else pixels)
        colour = SRGB.encode(gamut.linear_rgb(values[0], values[1:], SRGB), format)
        if picture.alpha:
            colour = colour.bandjoin(_rescaled(pixels[picture._bands], picture.format, format))
        icc = SRGB.icc
    elif picture.format != format:
        colour = _rescaled(finite(pixels), picture.format, format)
    gray = colour.bands < 3
    interpretation = {"uchar": "b-w", "ushort": "grey16"} if gray else {"uchar": "srgb", "ushort": "rgb16"}
    return with_metadata(picture, colour.copy(interpretation=interpretation[format]), pixels, icc, None)


def _rescaled(samples: pyvips.Image, old: Format, new: Format) -> pyvips.Image:
    if old == new:
        return samples
    return (samples * (LARGEST[new] / LARGEST[old]) + 0.5).cast(new)


def with_metadata(
    picture: Picture, image: pyvips.Image, pixels: pyvips.Image, icc: bytes | None, mark: Mark | None
) -> pyvips.Image:
    """`image` with the metadata that people care for of `pixels`, the picture's own; the profile `icc`; the mark."""
    image = image.copy(xres=pixels.xres, yres=pixels.yres)
    fields = pixels.get_fields()
    for name in image.get_fields():
        if image.get_typeof(name) and name not in _STRUCTURE:
            image.remove(name)
    for name in fields:
        if name.startswith(_KEPT):
            image.set_type(pixels.get_typeof(name), name, pixels.get(name))
    if "iptc-data" in fields:
        records = iptc.records(pixels.get("iptc-data"))
        image.set_type(pyvips.GValue.blob_type, "iptc-data", records)
    if picture._loader == "tiffload" and picture._exif:
        known = _exif_fields(exif.to_block(picture._exif))
        for name in known.get_fields():
            if name.startswith("exif-"):
                image.set_type(known.get_typeof(name), name, known.get(name))
    # vips writes this number into the EXIF block, which still holds the file's own orientation.
    image.set_type(pyvips.GValue.gint_type, "orientation", 1)
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    if mark is not None:
        xmp = pixels.get("xmp-data") if "xmp-data" in fields else None
        image.set_type(pyvips.GValue.blob_type, "xmp-data", mark.packet(xmp))
    return image


def _exif_fields(block: bytes) -> pyvips.Image:
    """An image with the fields that libvips makes of an EXIF block: it writes only what it has read itself."""
    pixel = pyvips.Image.black(1, 1).jpegsave_buffer(keep="none")
    if len(block) > 65533:  # more than a JPEG segment holds
        return pyvips.Image.jpegload_buffer(pixel)
    segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    return pyvips.Image.jpegload_buffer(pixel[:2] + segment + pixel[2:])


_STRUCTURE: Final = frozenset(pyvips.Image.black(1, 1).get_fields())
"""The fields that every vips image has: width, format and so on."""


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A temporary file in the folder of `out` with its suffix: moved to `out` at the end, or removed."""
    try:
        handle, name = tempfile.mkstemp(prefix=".photochrom-", suffix=out.suffix, dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        _finish(unfinished, out)
    except OSError as error:
        raise _no_output(out, error) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def room_beside(out: Path) -> Iterator[Path]:
    """A temporary folder in the folder of `out`, for the parts of it."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".photochrom-", dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    with folder as name:
        yield Path(name)


def _finish(unfinished: Path, out: Path) -> None:
    """To the disk, with the permissions any new file gets, then to its name."""
    umask = os.umask(0)
    os.umask(umask)
    unfinished.chmod(out.stat().st_mode & 0o777 if out.exists() else 0o666 & ~umask)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(out)


def _no_output(out: Path, error: OSError) -> OutputFailed:
    next_step = {
        "FileNotFoundError": f"Create the folder {out.parent} first.",
        "NotADirectoryError": f"{out.parent} is not a folder: choose another.",
        "PermissionError": "Choose a folder that you may write to.",
    }.get(type(error).__name__, "Make room on the disk, or choose another folder.")
    return OutputFailed(f"{out} cannot be written: {error.strerror or error}.", next_step)


def save(picture: Picture, image: pyvips.Image, out: Path, target: _Target, progress: Progress | None) -> None:
    """Computes and encodes `image` into `out`, with progress; a cancel stops between strips."""
    stopped: list[BaseException] = []

    def on_strip(_: pyvips.Image, state: object) -> None:
        if progress is None or stopped:
            return
        try:
            progress(min(state.percent / 100, 1.0), "Writing the picture")  # type: ignore[attr-defined]
        except BaseException as error:  # an exception cannot pass through C: it is raised again below
            stopped.append(error)
            image.set_kill(True)

    fields = image.get_fields()
    options = dict(target.options)
    if target.saver == "tiffsave":
        unit = image.get("resolution-unit") if "resolution-unit" in fields else "in"
        size = image.width * image.height * image.bands * {"uchar": 1, "ushort": 2, "float": 4}[image.format]
        options |= {"resunit": "cm" if unit == "cm" else "inch", "bigtiff": size > 3_500_000_000}
        options["predictor"] = "float" if image.format == "float" else "horizontal"
    xmp = image.get("xmp-data") if target.saver == "pngsave" and "xmp-data" in fields else None
    records = image.get("iptc-data") if "iptc-data" in fields else b""
    image = image.copy()
    if xmp is not None:
        image.remove("xmp-data")
    if records:
        image.remove("iptc-data")
    if records and target.saver == "jpegsave":
        image.set_type(pyvips.GValue.blob_type, "iptc-data", iptc.segment(records))
    image.set_progress(True)
    image.signal_connect("eval", on_strip)
    try:
        pyvips.Operation.call(target.saver, image, os.fsencode(out), keep="all", **options)
    except pyvips.Error as error:
        if stopped:
            raise stopped[0] from None
        with picture.reading():
            picture.lightness().avg()  # is it the source that is damaged? Then this says so.
        detail = " ".join((error.detail or error.message).split())
        raise OutputFailed(
            f"{out} cannot be written ({detail}).",
            "Make room on the disk, or choose another folder or format.",
        ) from error
    if stopped:
        raise stopped[0]
    if xmp is not None:
        png.insert_xmp(out, xmp)
    if target.saver == "tiffsave":
        tags = picture._exif
        if records:  # libvips writes only the first quarter of them
            tags = replace(tags, image={**tags.image, exif.IPTC: (exif.BYTES, records)})
        if tags:
            exif.append_to_tiff(out, tags)


__all__ = ["MAX_PIXELS", "WRITABLE", "Picture", "open_picture", "rgb_profile", "write_picture"]
