"""Opens TIFF files by their tags (TIFF 6.0, its technical notes 1 and 2, DNG 1.7, ICC's Lab in TIFF).

Samples are loaded in one of three ways: by libvips; by libvips with substituted tags (`tiff_view`); or by tifffile
where libtiff has no decoder (`tiff_decode`). Content without photographic tones is rejected with an error that names
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture, BadRequest
from photochrom.frozen import install_extra
from photochrom.image import formats, tiff_decode, tiff_view
from photochrom.image.color_spaces import LARGEST, Format
from photochrom.image.kinds import CAMERA_RAW
from photochrom.image.limits import check_size
from photochrom.image.stored_image import COLOR_BANDS, ColorModel, LabCodes, StoredImage, arranged
from photochrom.image.tiff_pages import Contents, Malformed, Tags, YCbCr, contents
from photochrom.image.tones import UNTAGGED_RGB

_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB, _PALETTE, _SEPARATED, _YCBCR, _CIELAB, _ICCLAB = 0, 1, 2, 3, 5, 6, 8, 9
_UNSIGNED, _SIGNED, _FLOAT, _UNDEFINED, _COMPLEX_WHOLE, _COMPLEX = 1, 2, 3, 4, 5, 6
_OLD_JPEG: Final = 6
_JPEG: Final = 7

_LIBTIFF: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001})
"""Compressions that pyvips-binary decodes: none, fax, LZW, JPEG, deflate, PackBits, WebP."""

_COMPRESSIONS: Final = {
    6: "old-style JPEG", 22610: "JPEG XR", 32766: "NeXT", 32771: "word-aligned fax", 32809: "ThunderScan",
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34661: "JBIG", 34712: "JPEG 2000", 34887: "LERC",
    34925: "LZMA", 34926: "ZSTD", 34933: "PNG", 34934: "JPEG XR", 50000: "ZSTD", 50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip

_UNDECODED: Final = frozenset({32766, 32771, 32809, 34661})
"""Those that nothing here decodes. (libtiff loses its place in word-aligned fax as soon as a row has an odd length.)"""

_LAB_CODES: Final = {
    (_CIELAB, 8): LabCodes(255, 0, 1, wrap=256),
    (_CIELAB, 16): LabCodes(65535, 0, 256, wrap=65536),
    (_ICCLAB, 8): LabCodes(255, 128, 1),
    (_ICCLAB, 16): LabCodes(65280, 32768, 256),
}
"""TIFF 6.0, section 23; ICC.1:1998-09, annex A (its 16-bit encoding)."""

_ICCLAB_4: Final = LabCodes(65535, 32896, 257)
"""The 16-bit encoding of version 4 (ICC.1:2022, 6.3.4.2), which Krita writes, with a profile of that version."""

_EDITOR: Final = "Open it in an image editor and save it with 8 or 16 bits per channel as gray or RGB."


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """Opens page `number` (1…) of the TIFF file `path`; only its tags are read, unless libtiff cannot decode it.

    Raises BadPicture, BadRequest if there is no such page, OSError, pyvips.Error.
    """
    found = _contents(path)
    if found.raw:
        return formats.open_stored(CAMERA_RAW, path, number, max_pixels)
    if not 1 <= number <= len(found.pictures):
        raise no_such_page(path, number, len(found.pictures))
    tags = found.pictures[number - 1]
    read = _read_as(path, tags)
    whole = _whole(tags)
    pixel_bytes = 8 * tags.bands
    check_size(path, tags.width, tags.height, max_pixels, whole=whole or tags.orientation > 2, pixel_bytes=pixel_bytes)
    stored = _by_tifffile(path, tags, read) if whole else _by_libtiff(path, tags, read)
    return replace(stored, pages=len(found.pictures), directory=tags.page)


def is_camera_raw(path: Path) -> bool:
    """Whether a TIFF file holds sensor data: a DNG (of cameras and scanners) or a maker's own raw format."""
    return _contents(path).raw


def no_such_page(path: Path, number: int, pages: int) -> BadRequest:
    """The error for a page that a file does not have."""
    holds = "one picture" if pages == 1 else f"{pages} pictures"
    return BadRequest(f"{path} has no picture {number}: it holds {holds}.", f"Give a page from 1 to {pages}.")


def _contents(path: Path) -> Contents:
    from tifffile import TiffFile, TiffFileError

    try:
        with TiffFile(path) as tiff:
            found = contents(tiff)
    except OSError:
        raise
    except Exception as error:  # tifffile raises exceptions of many kinds
        detail = str(error) if isinstance(error, TiffFileError | Malformed) else "a value or its type is not allowed"
        raise BadPicture(
            f"{path} is damaged or truncated: its tags are malformed ({detail}).",
            "Copy or scan it again. If an image editor opens it, save it from there as gray or RGB.",
        ) from error
    if not found.pictures or min(found.pictures[0].width, found.pictures[0].height) < 1:
        raise BadPicture(f"{path} contains no picture: it is damaged or truncated.", "Copy or scan it again.")
    return found


# --- what the samples mean -----------------------------------------------------------------------------


def _read_as(path: Path, tags: Tags) -> StoredImage:
    """Everything but `load` and `width`, from the tags; raises BadPicture if these are not photographic tones."""
    color, notes = _color(path, tags), []
    if len(set(tags.bits)) > 1 or len(set(tags.kinds)) > 1:
        raise _refused(path, f"has channels of different kinds ({', '.join(map(str, tags.bits))} bits)")
    kind, bits = tags.kinds[0], tags.bits[0]
    if kind not in (_UNSIGNED, _FLOAT, _UNDEFINED):
        named = {_SIGNED: "signed whole numbers", _COMPLEX_WHOLE: "complex numbers", _COMPLEX: "complex numbers"}
        what = named.get(kind, f"of an unknown format (number {kind})")
        raise _refused(path, f"has samples that are {what}, for which no black and white are defined")
    if bits == 24 and kind != _FLOAT:
        # libtiff takes the bytes of three in the file's order, tifffile as a row of bits, and either writes them so.
        raise _refused(path, "has whole numbers of 24 bits, whose order of bytes differs from program to program")
    lab = tags.photometric in (_CIELAB, _ICCLAB)
    if lab and (bits not in (8, 16) or kind == _FLOAT):
        raise _refused(path, f"is a Lab picture with {bits} bits per channel, for which no scale is defined")
    format: Format = "uchar" if bits in (1, 2, 4, 8) else "ushort" if bits <= 16 else "float"
    if kind == _FLOAT:
        format = "float"
    if tags.palette is not None and tags.photometric == _PALETTE:
        format = "uchar" if tags.palette.dtype == np.uint8 else "ushort"
    others = tags.bands - _bands(tags, color)
    alpha = _alpha(tags, color) is not None
    if left_out := others - alpha:
        what = "a further channel" if left_out == 1 else f"{left_out} further channels"
        notes.append(f"it has {what} besides color and transparency (infrared, masks, saved selections): left out.")
    return StoredImage(
        width=tags.width,
        height=tags.height,
        format=format,
        color=color,
        load=lambda _: pyvips.Image.black(1, 1),
        alpha=alpha,
        orientation=tags.orientation,
        icc=None if lab else tags.icc,
        space=UNTAGGED_RGB if format == "float" and kind != _FLOAT else None,
        codes=_lab_codes(tags) if lab else None,
        loader="tiffload",
        notes=tuple(notes),
    )


def _lab_codes(tags: Tags) -> LabCodes:
    icc = tags.icc or b""
    if (tags.photometric, tags.bits[0]) == (_ICCLAB, 16) and icc[16:20] == b"Lab " and icc[8:9] >= b"\x04":
        return _ICCLAB_4
    return _LAB_CODES[tags.photometric, tags.bits[0]]


def _color(path: Path, tags: Tags) -> ColorModel:
    photometric, bands = tags.photometric, tags.bands
    if photometric in (_MIN_IS_WHITE, _MIN_IS_BLACK):
        return "gray"
    if photometric == _RGB:
        return "rgb" if bands >= 3 else "gray"
    if photometric == _YCBCR and bands >= 3 and tags.bits[0] == 8 and not tags.planar:
        return "rgb"
    if photometric == _PALETTE and tags.palette is not None:
        return "rgb"
    if photometric == _SEPARATED and bands >= 4 and tags.ink_set in (0, 1):
        return "cmyk"
    if photometric in (_CIELAB, _ICCLAB):
        return "lab" if bands >= 3 else "gray"
    named = {
        3: "is a palette picture without its palette",
        4: "holds a transparency mask alone",
        6: "is a YCbCr picture of an unsupported kind",
        5: "is a separation into other inks than cyan, magenta, yellow and black",
        10: "is a fax in ITU Lab colors",
        32844: "is a LogL picture (high dynamic range)",
        32845: "is a LogLuv picture (high dynamic range)",
        51177: "is a depth map",
        52527: "is a mask",
    }
    raise _refused(path, named.get(photometric, f"has an unknown kind of color (photometric {photometric})"))


def _bands(tags: Tags, color: ColorModel) -> int:
    """The number of color bands in the file; a palette picture has one."""
    return 1 if tags.photometric == _PALETTE else COLOR_BANDS[color]


def _alpha(tags: Tags, color: ColorModel) -> int | None:
    """The band of opacity, if any: declared by ExtraSamples 1 (premultiplied) or 2."""
    first = _bands(tags, color)
    return next((band for band, extra in enumerate(tags.extras, first) if extra in (1, 2) and band < tags.bands), None)


def _refused(path: Path, what: str) -> BadPicture:
    return BadPicture(f"{path} {what}. The file is intact, but of a kind that cannot be colorized.", _EDITOR)


# --- how they are loaded -------------------------------------------------------------------------------


def _whole(tags: Tags) -> bool:
    """Whether it has to be decoded as a whole, since libtiff has no decoder for it."""
    bits, kind = tags.bits[0], tags.kinds[0]
    if tags.compression not in _LIBTIFF or (tags.planar and tags.tiled):
        return True
    if kind == _FLOAT:
        return bits not in (16, 32) or (bits == 16 and tags.predictor == 3)
    return bits not in (8, 16, 32) and not (bits in (1, 2, 4) and tags.bands == 1)


def _by_libtiff(path: Path, tags: Tags, read: StoredImage) -> StoredImage:
    changes = {338: 0, 339: _UNSIGNED, **tags.mended}
    half = tags.kinds[0] == _FLOAT and tags.bits[0] == 16
    if tags.kinds[0] == _FLOAT and not half:
        changes.pop(339)
    inverted = tags.photometric == _MIN_IS_WHITE and tags.bits[0] >= 8
    luma = tags.photometric == _YCBCR and tags.compression != _JPEG and set(tags.ycbcr.subsampling) == {1}
    if tags.photometric == _PALETTE or luma or (tags.photometric != _YCBCR and tags.bits[0] >= 8):
        # Bands as stored. Loaded as gray, libvips 8.18 scrambles separate planes.
        changes[262] = _RGB if tags.bands > 1 else _MIN_IS_BLACK

    def raw(sequential: bool) -> pyvips.Image:
        image = tiff_view.load(path, tags, changes, sequential=sequential)
        if tags.photometric == _PALETTE:
            image = _colored(image, tags)
        if luma:
            image = _rgb_of(image, tags.ycbcr)
        if half:
            image = image.maplut(_half_floats())
        if image.format == "uint":
            image = (image * (1 / 0xFFFFFFFF)).cast("float")
        return image

    header = raw(True)
    if tags.icc is None and "icc-profile-data" in header.get_fields() and read.codes is None:
        read = replace(read, icc=header.get("icc-profile-data"))
    return replace(read, load=_finished(raw, tags, read, inverted=inverted), whole=False)


def _by_tifffile(path: Path, tags: Tags, read: StoredImage) -> StoredImage:
    try:
        image = tiff_decode.decode(path, tags)
    except (OSError, BadPicture):
        raise
    except Exception as error:
        raise _not_decoded(path, tags, error) from error
    inverted = tags.photometric == _MIN_IS_WHITE
    if tags.photometric == _PALETTE:
        image = _colored(image, tags)
    return replace(read, load=_finished(lambda _: image, tags, read, inverted=inverted), whole=True)


def _finished(
    raw: Callable[[bool], pyvips.Image], tags: Tags, read: StoredImage, *, inverted: bool
) -> Callable[[bool], pyvips.Image]:
    color, in_file, alpha = COLOR_BANDS[read.color], _bands(tags, read.color), _alpha(tags, read.color)
    premultiplied = alpha is not None and tags.extras[alpha - in_file] == 1
    if alpha is not None:
        alpha += color - in_file

    def load(sequential: bool) -> pyvips.Image:
        image = arranged(raw(sequential), color, alpha)
        if not (premultiplied or inverted):
            return image
        values, rest = image.extract_band(0, n=color), None
        if alpha is not None:
            rest = image[color]
        if premultiplied:
            values = _divided(values, rest)
        if inverted:
            values = (values * -1 + LARGEST[read.format]).cast(read.format)
        return values if rest is None else values.bandjoin(rest)

    return load


def _divided(color: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:
    """Un-premultiplies color by its opacity; 0 where it is fully transparent."""
    if color.format == "float":
        return color / alpha
    values = color * float(LARGEST[color.format]) / alpha
    return (values + 0.5).cast(color.format)


def _colored(image: pyvips.Image, tags: Tags) -> pyvips.Image:
    """Palette indices, scaled to the full range as in `image`, to colors; other bands are unchanged."""
    assert tags.palette is not None
    last = len(tags.palette) - 1
    codes = {"uchar": 256, "ushort": 65536}[image.format]
    places = np.rint(np.arange(codes) * (last / (codes - 1))).astype(int)
    colors = image[0].maplut(pyvips.Image.new_from_array(np.ascontiguousarray(tags.palette[places][None])))
    if image.bands == 1:
        return colors
    others = image.extract_band(1, n=image.bands - 1) * (LARGEST[colors.format] / LARGEST[image.format])
    return colors.bandjoin((others + 0.5).cast(colors.format))


def _rgb_of(image: pyvips.Image, how: YCbCr) -> pyvips.Image:
    """8-bit YCbCr to RGB (TIFF 6.0, section 21), which libvips does not convert without subsampling."""
    red, green, blue = how.shares
    black, white, blue_zero, blue_white, red_zero, red_white = how.reference
    luma = (image[0] - black) * (255 / (white - black or 1))
    of_blue = (image[1] - blue_zero) * (127 / (blue_white - blue_zero or 1))
    of_red = (image[2] - red_zero) * (127 / (red_white - red_zero or 1))
    r, b = luma + of_red * (2 - 2 * red), luma + of_blue * (2 - 2 * blue)
    g = (luma - r * red - b * blue) * (1 / (green or 1))
    rgb = (r.bandjoin([g, b]) + 0.5).cast("uchar")
    return rgb if image.bands == 3 else rgb.bandjoin(image.extract_band(3, n=image.bands - 3))


def _half_floats() -> pyvips.Image:
    codes = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    return pyvips.Image.new_from_array(codes[None])


def _not_decoded(path: Path, tags: Tags, error: Exception) -> BadPicture:
    compression = _COMPRESSIONS.get(tags.compression, f"compression {tags.compression}")
    bits = f"{tags.bits[0]}-bit {'floating point' if tags.kinds[0] == _FLOAT else 'samples'}"
    if tags.compression not in (1, 8, 32946):
        bits += f", compressed with {compression}" if tags.compression in _COMPRESSIONS else ""
    if find_spec("imagecodecs") is None and tags.compression not in _UNDECODED:
        return BadPicture(
            f"{path} is a TIFF file of a rare kind ({bits}); the file seems intact.",
            f"Reading it needs one more library. {install_extra('formats')}. Or convert it: "
            f"magick {path.name} -depth 16 -compress lzw converted.tif",
        )
    detail = " ".join(str(error).split())
    next_step = f"Copy or scan it again. {_EDITOR}"
    if tags.compression == _OLD_JPEG or tags.compression in _UNDECODED:  # old-style JPEG has rarer forms
        next_step = f"Another program may read it: magick {path.name} -compress lzw converted.tif"
    return BadPicture(f"{path} ({bits}) cannot be decoded ({detail}).", next_step)
