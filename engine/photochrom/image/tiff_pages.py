"""Finds the pages of a TIFF file that are its pictures, and parses their tags.

A file may hold thumbnails, reduced copies (pyramids), masks and camera raw data besides its pictures: TIFF 6.0
(NewSubfileType, SubfileType), TIFF/EP and DNG 1.7 (SubIFDs), and files whose pyramid shows only in its sizes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPage

# What matters of its warnings also raises an error.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

MAX_PAGES: Final = 10_000
"""More than any album has: further pages are ignored."""

_MAX_CHILDREN: Final = 64

CFA, LINEAR_RAW, TRANSPARENCY_MASK = 32803, 34892, 4

_REDUCED, _MASK = 1, 4
"""Bits of NewSubfileType."""

_RAW_COMPRESSIONS: Final = frozenset({32767, 32769, 32770, 34713, 34892, 52546, 65000, 65535})
"""Sony, Epson, Samsung, Nikon, lossy and JPEG XL DNG, Kodak, Pentax."""

_THUMBNAIL_SIDE: Final = 256

_ALLOWED: Final = {266: (1, 2), 274: range(1, 9), 284: (1, 2), 296: (1, 2, 3)}
"""Values of FillOrder, Orientation, PlanarConfiguration, ResolutionUnit. libtiff refuses a page with any other; here it
is the first of them, which is the standard's default (of 296: no unit, as none is invented)."""


class Malformed(Exception):
    """What the tags of a file say cannot be; the text says why."""


@dataclass(frozen=True)
class YCbCr:
    """Encoding of luma and chroma: pixels per chroma sample, weights of R, G, B in luma, codes of black and white of
    each."""

    subsampling: tuple[int, ...] = (2, 2)
    shares: tuple[float, ...] = (0.299, 0.587, 0.114)
    reference: tuple[float, ...] = (0, 255, 128, 255, 128, 255)


@dataclass(frozen=True)
class Tags:
    """The tags of one page that describe its samples. `page` and `subifd` (-1: none) are libvips' options, `directory`
    is the place of the page's directory in the file (for a SubIFD, of the page that it belongs to).

    `mended` are values that were not allowed, as they are taken: tag -> value.
    `bits` and `kinds` (sample format) have one item per band. `palette` (colors, 3) is uint16, or uint8 if that loses
    nothing. `places` locates the values of a tag in the file: tag -> (offset, bytes per value, count).
    """

    page: int
    subifd: int
    directory: int
    width: int
    height: int
    photometric: int
    bits: tuple[int, ...]
    kinds: tuple[int, ...]
    extras: tuple[int, ...]
    compression: int
    predictor: int
    orientation: int
    mended: dict[int, int]
    ink_set: int
    planar: bool
    tiled: bool
    ycbcr: YCbCr
    icc: bytes | None = field(repr=False)
    palette: NDArray[np.unsignedinteger] | None = field(repr=False)
    places: dict[int, tuple[int, int, int]] = field(repr=False)

    @property
    def bands(self) -> int:
        """Samples per pixel."""
        return len(self.bits)


@dataclass(frozen=True)
class Contents:
    """The pictures of a file in order, and whether it is a camera raw file."""

    pictures: tuple[Tags, ...]
    raw: bool


def contents(tiff: TiffFile) -> Contents:
    """Lists the pictures of an open file; raises Malformed, or whatever tifffile raises, if it is malformed."""
    pages: list[Any] = [tiff.pages[number] for number in range(min(len(tiff.pages), MAX_PAGES))]
    found = [_tags(page, number, -1, page.offset) for number, page in enumerate(pages)]
    children = _children(pages[0]) if pages else {}
    raw = any(_is_raw(page) for page in [*pages[:_MAX_CHILDREN], *children.values()])
    pictures = [tags for page, tags in zip(pages, found, strict=True) if _is_picture(page)]
    if not pictures:  # a thumbnail first, and the picture in its SubIFD
        place = pages[0].offset if pages else 0
        pictures = [_tags(page, 0, number, place) for number, page in children.items() if _is_picture(page)]
    if not pictures:
        below = (pages[0].subifds or ()) if pages else ()
        if any(place and number not in children for number, place in enumerate(below[:_MAX_CHILDREN])):
            raise Malformed("it holds a thumbnail, but what should be below it cannot be read")
        pictures = sorted(found, key=lambda tags: -tags.width * tags.height)[:1]
    return Contents(_without_smaller_copies(pictures), raw)


def _children(page: TiffPage) -> dict[int, Any]:
    """Its SubIFDs by number, without those that are none: programs that drop them leave their places behind."""
    found: dict[int, Any] = {}
    for number in range(min(len(page.subifds or ()), _MAX_CHILDREN)):
        try:
            pages: Any = page.pages
            found[number] = pages[number]
        except OSError:
            raise
        except Exception:  # tifffile raises exceptions of many kinds
            continue
    return found


def _value(page: TiffPage, tag: int, default: Any) -> Any:
    value = page.tags.valueof(tag)
    return default if value is None else value


def _is_raw(page: TiffPage) -> bool:
    photometric = _number(_value(page, 262, 1))
    return photometric in (CFA, LINEAR_RAW) or _number(_value(page, 259, 1)) in _RAW_COMPRESSIONS


def _is_picture(page: TiffPage) -> bool:
    if 256 not in page.tags:  # Content Credentials, for one, stand in a directory of their own after several pages.
        return False
    new = _number(_value(page, 254, 0))
    reduced = new & (_REDUCED | _MASK) or _number(_value(page, 255, 1)) == 2
    return not reduced and _number(_value(page, 262, 1)) != TRANSPARENCY_MASK


def _number(value: Any, otherwise: int = 0) -> int:
    """The first value of a tag, which of the type BYTE tifffile returns as bytes; `otherwise` if it is no number."""
    first = value[0] if isinstance(value, tuple | list | bytes) and value else value
    return int(first) if isinstance(first, int) else otherwise


def _all(value: Any) -> tuple[int, ...]:
    return tuple(int(each) for each in (value if isinstance(value, tuple | list | bytes) else (value,)))


def _numbers(value: Any, count: int) -> tuple[int, ...]:
    """One number per band: a tag may have one for all, or too many."""
    values = _all(value)
    return (values + values[-1:] * count)[:count]


def _tags(page: TiffPage, number: int, subifd: int, directory: int) -> Tags:
    bands = max(_number(_value(page, 277, 1)), 1)
    if bands > 4096:
        raise Malformed("absurd number of bands")
    places = {}
    for tag in page.tags:
        size = {1: 1, 3: 2, 4: 4, 16: 8}.get(int(tag.dtype))
        if size:
            places[int(tag.code)] = (int(tag.valueoffset), size, int(tag.count))
    mended = {
        tag: allowed[0]
        for tag, allowed in _ALLOWED.items()
        if tag in page.tags and _number(page.tags.valueof(tag)) not in allowed
    }
    bits = _numbers(_value(page, 258, 1), bands)
    profile = page.tags.valueof(34675)
    return Tags(
        page=number,
        subifd=subifd,
        directory=directory,
        width=_number(_value(page, 256, 0)),
        height=_number(_value(page, 257, 0)),
        photometric=_number(_value(page, 262, 1), -1),  # 0 would be a negative
        bits=bits,
        kinds=_numbers(_value(page, 339, 1), bands),
        extras=_all(_value(page, 338, ())),
        compression=_number(_value(page, 259, 1)),
        predictor=_number(_value(page, 317, 1)),
        orientation=mended.get(274) or _number(_value(page, 274, 1)),
        mended=mended,
        ink_set=_number(_value(page, 332, 1)),
        planar=_number(_value(page, 284, 1)) == 2 and bands > 1,
        tiled=322 in page.tags,
        ycbcr=YCbCr(
            _numbers(_value(page, 530, (2, 2)), 2),
            _fractions(page.tags.valueof(529), YCbCr.shares),
            _fractions(page.tags.valueof(532), YCbCr.reference),
        ),
        palette=_palette(page.tags.valueof(320), bits[0]),
        icc=bytes(profile) if isinstance(profile, bytes) else None,
        places=places,
    )


def _fractions(values: Any, default: tuple[float, ...]) -> tuple[float, ...]:
    """Rationals as tifffile returns them: numerators and denominators in turn."""
    flat = np.asarray(values, np.float64).ravel() if values is not None else np.zeros(0)
    if flat.size != 2 * len(default) or np.any(flat[1::2] == 0):
        return default
    return tuple(float(value) for value in flat[::2] / flat[1::2])


def _palette(values: Any, bits: int) -> NDArray[np.unsignedinteger] | None:
    """The colors (2^bits, 3) of a palette; None if it has another size."""
    if values is None or bits > 16 or np.size(values) != 3 * 2**bits:
        return None
    colors = np.asarray(values).astype(np.uint16).reshape(3, -1).T
    if colors.max() < 256:
        return colors.astype(np.uint8)
    for step in (257, 256):  # 8 bits as the standard has them, and as many programs write them
        if not np.any(colors % step):
            return (colors // step).astype(np.uint8)
    return colors


def _without_smaller_copies(pictures: list[Tags]) -> tuple[Tags, ...]:
    """Drops pictures whose sizes show them to be copies of the first: each half the one before, or of a thumbnail's
    size and the same aspect ratio. The first is itself none of the one after it."""
    while len(pictures) > 1 and _thumbnail(pictures[1], pictures[0]):
        pictures = pictures[1:]
    if len(pictures) < 2:
        return tuple(pictures)
    first, others = pictures[0], pictures[1:]
    if all(_halved(first, tags, number) for number, tags in enumerate(others, 1)):
        return (first,)
    return (first, *(tags for tags in others if not _thumbnail(first, tags)))


def _halved(first: Tags, other: Tags, times: int) -> bool:
    return all(
        abs(side - whole / 2**times) <= 1 for side, whole in ((other.width, first.width), (other.height, first.height))
    )


def _thumbnail(first: Tags, other: Tags) -> bool:
    if not 0 < max(other.width, other.height) <= _THUMBNAIL_SIDE or first.width < 2 * other.width:
        return False
    return abs(other.width * first.height / max(first.width, 1) - other.height) <= 1
