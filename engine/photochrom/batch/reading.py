"""How a worker reads a photograph: decoded once where it fits into memory, reduced, and measured for color."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.image import lab
from photochrom.image.color_spaces import LARGEST, Format
from photochrom.image.picture import Picture, open_picture
from photochrom.sampling.proxy import reduce

if TYPE_CHECKING:
    from pathlib import Path

    from photochrom.values import Plane

HELD: Final = 64 << 20
"""Bytes of a picture that is held in memory between its two passes; a larger one is decoded for each."""

MEASURED_SIDE: Final = 256
"""Short side, in pixels, of what a picture's color is measured on: grain and the noise of scanners average out."""

_SAMPLES: Final = 6
"""So many samples across and down make up each of its pixels at most."""


_BYTES: Final[dict[Format, int]] = {"uchar": 1, "ushort": 2, "float": 4}
"""Of a sample."""


def open_held(path: Path, page: int | None) -> Picture:
    """The picture as `open_picture` gives it, with its samples in memory if they are few.

    Raises:
        BadPicture, BadRequest, ExtraMissing: as there; damage of the pixels too, where they are in memory.
    """
    picture = open_picture(path, page)
    with picture.reading():
        image = picture.stored.load(True)
        if image.width * image.height * image.bands * _BYTES[picture.format] > HELD:
            return picture
        # Of a picture made from an array, copy_memory alone copies nothing and does not keep the array
        # (findings/pyvips-copy-memory.sh).
        samples = image.copy().copy_memory()
    return replace(picture, stored=replace(picture.stored, load=lambda _: samples))


def guide_of(picture: Picture, short_side: int) -> Plane:
    """The picture's lightness (h, w) 0…100 with this short side, for the network.

    Raises:
        BadPicture: it is damaged.
    """
    with picture.reading():
        return reduce(picture.lightness(), short_side)


def lab_of(picture: Picture) -> Plane | None:
    """The picture, reduced, as Lab (h, w, 3), its RGB taken as sRGB; None for one that stores gray.

    Raises:
        BadPicture: it is damaged.
    """
    if picture.stored.color == "gray":
        return None
    with picture.reading():
        pixels = picture.pixels()
        step = max(1, min(pixels.width, pixels.height) // (MEASURED_SIDE * _SAMPLES))
        pixels = pixels.subsample(step, step)
        if picture.plain:
            color, white = picture.color_of(pixels), LARGEST[picture.format]
        else:
            color, white = picture.as_srgb(pixels, "uchar"), LARGEST["uchar"]
        scale = min(1, MEASURED_SIDE / min(color.width, color.height))
        small = (color / white).resize(scale, kernel="linear")
        rgb = np.clip(np.asarray(small.numpy(), np.float32), 0, 1)
    return np.asarray(lab.lab_from_srgb(rgb), np.float32)
