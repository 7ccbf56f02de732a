"""A TIFF file as libtiff shall see it: with a few tags changed in memory that is ours alone; the file stays as it is.

libtiff decodes more than it has an opinion on: half floats are numbers of 16 bits, Lab is three bands. So the samples
are asked for as what they are to it, and what they mean is told here.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Literal

import pyvips

from photochrom.image.tiff_pages import Tags


def load(path: Path, tags: Tags, changes: dict[int, int], *, sequential: bool) -> pyvips.Image:
    """The page of `tags`, all bands as libvips reads them, once each value of the tags in `changes` is the one given.

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
        unlimited=True,  # libtiff's limit of 50 MB refuses large scans stored as a single strip
        revalidate=True,
    )
    image._references.append(source)  # the memory has to live as long as whatever is made of the image
    return image
