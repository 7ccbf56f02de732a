"""Presents a TIFF file to libtiff with a few tags changed; the file itself is untouched.

libtiff can decode more than it can interpret: half floats are 16-bit integers to it, Lab is three bands. So samples are
requested as the type that it supports, and interpreted here. It also refuses a page for a later directory that it
cannot read, even one that is no picture: so the page appears as the last one.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Final, Literal

import pyvips

from photochrom.image import file_source
from photochrom.image.metadata.directories import Layout
from photochrom.image.tiff_pages import Tags

TILE_BYTE_COUNTS: Final = 325
"""The tag with the size of each tile."""


def load(path: Path, tags: Tags, changes: dict[int, int], *, sequential: bool) -> pyvips.Image:
    """Loads all bands of the page of `tags`, with every value of the tags in `changes` replaced by the given one.

    Raises OSError, pyvips.Error."""
    layout = Layout.of(_start(path))
    order: Literal["little", "big"] = "little" if layout.order == "<" else "big"
    patches = {
        offset + number * size: value.to_bytes(size, order)
        for tag, value in changes.items()
        if tag in tags.places
        for offset, size, count in [tags.places[tag]]
        for number in range(count)
    }
    patches |= _without_later_pages(path, tags, layout)
    return file_source.load(
        "tiffload_source",
        path,
        patches,
        page=tags.page,
        subifd=tags.subifd,
        access="sequential" if sequential else "random",
        # For tiles, libvips ignores errors up to "error", and warns of those that were left out.
        fail_on="warning" if tags.tiled and not _is_sparse(path, tags) else "error",
        unlimited=True,  # libtiff's limit of 50 MB rejects large scans stored as a single strip
    )


def _without_later_pages(path: Path, tags: Tags, layout: Layout) -> dict[int, bytes]:
    """The place of the offset of the next directory -> 0, which ends the file."""
    counted = struct.calcsize(layout.count)
    with path.open("rb") as file:
        file.seek(tags.directory)
        (entries,) = struct.unpack(layout.count, file.read(counted))
    place = tags.directory + counted + entries * struct.calcsize(layout.entry)
    return {place: bytes(struct.calcsize(layout.offset))}


def _is_sparse(path: Path, tags: Tags) -> bool:
    """Whether some tiles were left out, as GDAL leaves out those without anything in them: they are black."""
    offset, size, count = tags.places.get(TILE_BYTE_COUNTS, (0, 1, 0))
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(min(offset, end))
        sizes = file.read(min(size * count, end))
    return any(sizes) and any(not any(sizes[at : at + size]) for at in range(0, len(sizes), size))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
