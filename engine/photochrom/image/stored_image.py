"""A picture as its file stores it: what its bands are, and how they are loaded. Color comes later (`tones`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import pyvips

from photochrom.image.spaces import Format, GraySpace, RGBSpace

ColorModel = Literal["gray", "rgb", "cmyk", "lab"]

COLOR_BANDS: dict[ColorModel, int] = {"gray": 1, "rgb": 3, "cmyk": 4, "lab": 3}
"""How many bands of a picture are its color."""


@dataclass(frozen=True)
class LabCodes:
    """How L*, a*, b* are written as samples: the code of L* 100, the code of a* = b* = 0, codes a unit of a*.

    `signed` codes are two's complement: those from `wrap` / 2 on are negative."""

    white: float
    neutral: float
    per_unit: float
    wrap: int = 0


@dataclass(frozen=True, eq=False)
class StoredImage:
    """One picture of a file. `width` and `height` are those of its samples, not yet turned by `orientation` (1…8).

    `load(sequential)` gives its samples, fresh and lazy: the bands of `color`, white at the largest value of `format`
    (float: 1), then, if `alpha`, one of opacity, not multiplied in; with the file's metadata in vips' fields. `whole`:
    it decodes all of it at once. `space` is what the samples mean where there is no profile `icc`; `codes` those of
    Lab. `pages` counts the pictures of the file; `directory` is the number of the TIFF directory with this one's
    metadata; `notes` are what a person should be told, each a sentence after the
    file's name.
    """

    width: int
    height: int
    format: Format
    color: ColorModel
    load: Callable[[bool], pyvips.Image] = field(repr=False)
    alpha: bool = False
    orientation: int = 1
    icc: bytes | None = field(default=None, repr=False)
    space: GraySpace | RGBSpace | None = None
    codes: LabCodes | None = None
    pages: int = 1
    directory: int = 0
    whole: bool = False
    loader: str = ""
    notes: tuple[str, ...] = ()


def arranged(image: pyvips.Image, color: int, alpha: int | None) -> pyvips.Image:
    """The first `color` bands of `image`, then band `alpha` of it."""
    if alpha is None:
        return image if image.bands == color else image.extract_band(0, n=color)
    if image.bands == color + 1:
        return image
    return image.extract_band(0, n=color).bandjoin(image.extract_band(alpha))
