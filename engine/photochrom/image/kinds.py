"""File types, detected by content: which ones can be read, and by which reader.

The suffix plays no part in reading: a scan without one, or with a wrong one, is read as what it is.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photochrom.errors import BadPicture
from photochrom.image import jpeg
from photochrom.image.unsupported import identify

_HEAD: Final = 4096
"""Bytes at the start of a file that identify its kind."""


@dataclass(frozen=True)
class Kind:
    """A file type that can be read.

    `suffixes` are its file name suffixes, `result` the default suffix of its color version. It is read by libvips'
    operation `loader`, or else by `reader`, a module in `photochrom.image.formats`, with the packages it `needs` from
    the extra `formats`.
    """

    name: str
    suffixes: tuple[str, ...]
    result: str
    loader: str = ""
    reader: str = ""
    needs: tuple[str, ...] = ()


PNG: Final = Kind("PNG", (".png",), ".png", loader="pngload")
JPEG: Final = Kind("JPEG", (".jpg", ".jpeg", ".jpe", ".jif", ".jfif"), ".jpg", loader="jpegload")
TIFF: Final = Kind("TIFF", (".tif", ".tiff"), ".tif", loader="tiffload")
WEBP: Final = Kind("WebP", (".webp",), ".webp", loader="webpload")
GIF: Final = Kind("GIF", (".gif",), ".png", loader="gifload")
AVIF: Final = Kind("AVIF", (".avif",), ".png", reader="avif")
HEIC: Final = Kind("HEIC", (".heic", ".heif", ".hif"), ".png", reader="heic", needs=("pillow-heif",))
JPEG_2000: Final = Kind(
    "JPEG 2000", (".jp2", ".jpf", ".jpx", ".j2k", ".j2c", ".jph"), ".tif", reader="jpeg2000", needs=("imagecodecs",)
)
JPEG_XL: Final = Kind("JPEG XL", (".jxl",), ".png", reader="jpegxl", needs=("imagecodecs", "pillow-jxl-plugin"))
NETPBM: Final = Kind("Netpbm", (".pgm", ".ppm", ".pbm", ".pnm", ".pam"), ".png", reader="netpbm")
BMP: Final = Kind("BMP", (".bmp", ".dib"), ".png", reader="bmp", needs=("pillow",))
PHOTOSHOP: Final = Kind("Photoshop", (".psd", ".psb"), ".tif", reader="photoshop", needs=("psd-tools",))
CAMERA_RAW: Final = Kind(
    "camera raw",
    (
        *(".dng", ".nef", ".nrw", ".cr2", ".cr3", ".crw", ".arw", ".sr2", ".srf", ".raf", ".orf", ".rw2", ".pef"),
        *(".srw", ".3fr", ".fff", ".iiq", ".erf", ".dcr", ".kdc", ".mef", ".mos", ".mrw", ".rwl", ".x3f"),
    ),
    ".tif",
    reader="camera_raw",
    needs=("rawpy",),
)

READ: Final = (
    *(JPEG, TIFF, PNG, WEBP, HEIC, AVIF, JPEG_2000, JPEG_XL, CAMERA_RAW, PHOTOSHOP, BMP, GIF, NETPBM),
)  # fmt: skip
"""Every kind that can be read, the most common first."""

SUFFIXES: Final = frozenset(suffix for kind in READ for suffix in kind.suffixes)
"""The suffixes of all files that can be read."""

_SIGNATURES: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"\xff\xd8\xff", JPEG),
    (8, b"CR\x02", CAMERA_RAW),
    (0, b"II*\0", TIFF),
    (0, b"MM\0*", TIFF),
    (0, b"II+\0", TIFF),
    (0, b"MM\0+", TIFF),
    (8, b"WEBP", WEBP),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", JPEG_2000),
    (0, b"\xff\x4f\xff\x51", JPEG_2000),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", JPEG_XL),
    (0, b"\xff\x0a", JPEG_XL),
    (0, b"8BPS", PHOTOSHOP),
    (0, b"BM", BMP),
    *((0, bytes((*b"P", digit, blank)), NETPBM) for digit in b"1234567" for blank in b"\n\r\t #"),
    (0, b"IIRO", CAMERA_RAW),
    (0, b"IIRS", CAMERA_RAW),
    (0, b"MMOR", CAMERA_RAW),
    (0, b"IIU\0", CAMERA_RAW),
    (0, b"FUJIFILMCCD-RAW", CAMERA_RAW),
    (0, b"FOVb", CAMERA_RAW),
    (0, b"\0MRM", CAMERA_RAW),
    (0, b"II\x1a\0\0\0HEAPCCDR", CAMERA_RAW),
)
"""Offset, signature, and the kind of file that has it."""

_BRANDS: Final = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), HEIC),
    b"crx ": CAMERA_RAW,
}
"""Brands of files in ISO's base media format (ISO/IEC 14496-12, 4.3)."""


def kind_of(path: Path) -> Kind:
    """Detects the kind of the picture in the file `path` by its first bytes.

    Raises:
        BadPicture: the file is missing, unreadable, empty, or of no supported kind; the error names its kind if known.
    """
    head = first_bytes(path)
    if not head:
        raise BadPicture(f"{path} is empty (0 bytes).", "Copy or scan it again.")
    if (kind := _known(head)) is not None:
        return kind
    what, way_out = identify(path, head)
    if what:
        raise BadPicture(f"{path} is {what}, which Photochrom cannot read.", way_out)
    if jpeg.START in head[: jpeg.JUNK + len(jpeg.START)]:
        return JPEG
    raise BadPicture(
        f"{path} is not a picture that Photochrom can read.",
        "Save it as TIFF, PNG or JPEG with an image editor.",
    )


def result_suffix(path: Path) -> str:
    """Returns the suffix for the color version of the file `path`: its own if that suits its kind and can be written.

    For an unreadable file, it is the suffix of its name, or .png: reading the file will raise the error.
    """
    own = path.suffix.lower()
    try:
        kind = kind_of(path)
    except BadPicture:
        return path.suffix if own in {*PNG.suffixes, *JPEG.suffixes, *TIFF.suffixes, *WEBP.suffixes} else PNG.result
    return path.suffix if own in kind.suffixes and kind.result in kind.suffixes else kind.result


def result_suffix_by_name(suffix: str) -> str:
    """Returns the suffix for the color version of a file with this suffix, which is one of `SUFFIXES`, where nobody
    looks into the file: a picture of another kind than its name says is read as what it is all the same."""
    kind = next(kind for kind in READ if suffix.lower() in kind.suffixes)
    return suffix if kind.result in kind.suffixes else kind.result


def _known(head: bytes) -> Kind | None:
    for start, signature, kind in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return kind
    if head[4:8] != b"ftyp":
        return None
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4], "big"), _HEAD), 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def first_bytes(path: Path) -> bytes:
    """Returns the first `_HEAD` bytes of a file, fewer if it is shorter.

    Raises:
        BadPicture: there is no such file, or it cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # A pipe would be waited for, and read only once.
            raise BadPicture(f"{path} is not a regular file.", "Copy the picture into a file first.")
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError as error:
        raise BadPicture(f"There is no file {path}.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise BadPicture(f"{path} is a folder.", "Name the pictures in it.") from error
    except PermissionError as error:
        raise BadPicture(f"You have no permission to read {path}.", "Change its permissions, or copy it.") from error
    except (OSError, ValueError) as error:  # No file name contains null bytes.
        why = getattr(error, "strerror", None) or error
        raise BadPicture(f"{path} cannot be read: {why}.", "Check the disk and the name.") from error
