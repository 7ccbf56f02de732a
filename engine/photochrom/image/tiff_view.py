"""Presents a TIFF file to libtiff with a few tags changed in a private memory map; the file itself is untouched.

libtiff can decode more than it can interpret: half floats are 16-bit integers to it, Lab is three bands. So samples are
requested as the type that it supports, and interpreted here.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Literal

import pyvips

from photochrom.image.tiff_pages import Tags


def load(path: Path, tags: Tags, changes: dict[int, int], *, sequential: bool) -> pyvips.Image:
    """Loads all bands of the page of `tags`, with every value of the tags in `changes` replaced by the given one.

    Raises OSError, pyvips.Error."""
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    order: Literal["little", "big"] = "little" if view[:2] == b"II" else "big"
    for tag, value in changes.items():
        if tag not in tags.places:
            continue
        offset, size, count = tags.places[tag]
        for number in range(count):
            view[offset + number * size : offset + (number + 1) * size] = value.to_bytes(size, order)
    source = pyvips.Source.new_from_memory(view)
    image = pyvips.Operation.call(
        "tiffload_source",
        source,
        page=tags.page,
        subifd=tags.subifd,
        access="sequential" if sequential else "random",
        fail_on="error",
        unlimited=True,  # libtiff's limit of 50 MB rejects large scans stored as a single strip
        revalidate=True,
    )
    image._references.append(source)  # The memory must outlive every image derived from this one.
    return image
