"""Decodes samples that libtiff cannot, with tifffile and imagecodecs: odd bit depths, 64-bit float, new and very old
compressions. The whole page is held in memory."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.errors import BadPicture
from photochrom.image.tiff_pages import Tags

if TYPE_CHECKING:
    from tifffile import TiffPage


def decode(path: Path, tags: Tags) -> pyvips.Image:
    """Decodes all bands of the page of `tags`: uchar or ushort with white at their largest value, or float; with
    metadata.

    Raises BadPicture if parts of it have no data; whatever the codecs raise; ImportError or ValueError if imagecodecs
    is needed and not installed.
    """
    from tifffile import TiffFile

    with TiffFile(path) as tiff:
        page: Any = tiff.pages[tags.page]
        if tags.subifd >= 0:
            page = page.pages[tags.subifd]
        if 284 in tags.mended and tags.bands > 1:  # tifffile then assumes separate planes
            raise ValueError("unknown planar configuration")
        _find_data(path, page, tags)
        samples = np.asarray(page.asarray())
        fields = _fields(page)
    if tags.planar:
        samples = np.moveaxis(samples.reshape(tags.bands, tags.height, tags.width), 0, -1)
    samples = samples.reshape(tags.height, tags.width, tags.bands)
    samples = _to_full_range(samples, tags.bits[0])
    image = pyvips.Image.new_from_array(np.ascontiguousarray(samples)).copy()
    for name, kind, value in fields:
        image.set_type(kind, name, value)
    image.set_type(pyvips.GValue.gint_type, "orientation", tags.orientation)
    return image


def _find_data(path: Path, page: Any, tags: Tags) -> None:
    """Raises BadPicture if there are strips without data, or no tiles with data: tifffile returns black for them. Some
    tiles may be without (see `tiff_view`). The only strip of an old-style JPEG may have its data at tags of its own."""
    filled = [place > 0 and size > 0 for place, size in zip(page.dataoffsets, page.databytecounts, strict=False)]
    count = prod(page.chunked)
    if len(filled) >= count and (any(filled) if tags.tiled else all(filled)):
        return
    places, sizes = page.tags.valueof(513, ()), page.tags.valueof(514, ())
    if tags.compression != 6 or count != 1 or not (len(places) == len(sizes) == 1 and places[0] and sizes[0]):
        cause = f"{path} is damaged or truncated: parts of its picture have no data."
        raise BadPicture(cause, "Copy or scan it again.")
    page.dataoffsets, page.databytecounts = places, sizes


def _to_full_range(samples: NDArray[Any], bits: int) -> NDArray[Any]:
    """Converts unsigned integers of that many bits, or floats, to a format that vips has."""
    if samples.dtype.kind == "f":
        return np.asarray(samples, np.float32)
    largest = 1 if samples.dtype.kind == "b" else 2**bits - 1
    if largest in (255, 65535):
        return np.asarray(samples, np.uint8 if bits == 8 else np.uint16)
    if 255 % largest == 0:
        return np.asarray(samples, np.uint8) * np.uint8(255 // largest)
    if bits < 16:
        return np.asarray(np.rint(samples * (65535 / largest)), np.uint16)
    return np.asarray(samples / largest, np.float32)


def _fields(page: TiffPage) -> list[tuple[str, Any, Any]]:
    """The metadata fields that libvips would set on its image."""
    found: list[tuple[str, Any, Any]] = []
    blobs = {700: "xmp-data", 33723: "iptc-data", 34377: "photoshop-data", 34675: "icc-profile-data"}
    for tag, name in blobs.items():
        value = page.tags.valueof(tag)
        if isinstance(value, bytes) and value:
            found.append((name, pyvips.GValue.blob_type, value))
    description = page.tags.valueof(270)
    if isinstance(description, str) and description:
        found.append(("image-description", pyvips.GValue.gstr_type, description))
    return found
