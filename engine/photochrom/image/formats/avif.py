"""AVIF, decoded by libvips, with what that leaves out: scaling 10 and 12 bits to 16, and color by code points.

The decoder applies the file's rotation and mirroring (`irot`, `imir`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pyvips

from photochrom.image.color_spaces import GraySpace
from photochrom.image.formats.heif import code_points, space_of
from photochrom.image.formats.samples import check_page, decoding, format_of, once, to_full_range
from photochrom.image.limits import check_size
from photochrom.image.stored_image import StoredImage

_NAME: Final = "AVIF"


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`; the first picture is the main one."""
    with decoding(path, _NAME):
        header = _open(path, None)
        fields = header.get_fields()
        pages = header.get("n-pages") if "n-pages" in fields else 1
        check_page(path, number, pages)
        main = header.get("heif-primary") if "heif-primary" in fields else 0
        page = [main, *(each for each in range(pages) if each != main)][number - 1]
        header = _open(path, page)
    check_size(path, header.width, header.height, max_pixels, whole=True, pixel_bytes=8)
    bits = header.get("bits-per-sample") if "bits-per-sample" in fields else 8
    icc = header.get("icc-profile-data") if "icc-profile-data" in fields else None
    points = None if icc else code_points(path)
    space = space_of(path, *points) if points else None
    gray = header.bands < 3

    def decode() -> pyvips.Image:
        with decoding(path, _NAME):
            image = _open(path, page)
            return to_full_range(image >> (16 - bits), 2**bits - 1) if bits > 8 else image.copy_memory()

    return StoredImage(
        width=header.width,
        height=header.height,
        format=format_of(bits),
        color="gray" if gray else "rgb",
        load=once(decode),
        alpha=header.bands in (2, 4),
        icc=icc,
        space=GraySpace(space.name, space.curves[0], None) if gray and space else space,
        pages=pages,
        whole=True,
    )


def _open(path: Path, page: int | None) -> pyvips.Image:
    options = {} if page is None else {"page": page}
    return pyvips.Operation.call("heifload", os.fsencode(path), fail_on="error", revalidate=True, **options)
