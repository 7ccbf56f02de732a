"""A picture as stored in its file: the meaning of its bands, and how to load them. `tones` interprets the color."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import pyvips

from photochrom.image.color_spaces import Format, GraySpace, RGBSpace

ColorModel = Literal["gray", "rgb", "cmyk", "lab"]

COLOR_BANDS: dict[ColorModel, int] = {"gray": 1, "rgb": 3, "cmyk": 4, "lab": 3}
"""Number of color bands by color model."""


@dataclass(frozen=True)
class LabCodes:
    """Encoding of L*, a*, b* as samples: the code of L* 100 (`white`), of a* = b* = 0 (`neutral`), and the codes per
    unit of a*.

    With `wrap`, codes are two's complement: those from `wrap` / 2 on are negative."""

    white: float
    neutral: float
    per_unit: float
    wrap: int = 0


@dataclass(frozen=True, eq=False)
class StoredImage:
    """One picture of a file. `width` and `height` are those of its samples, before `orientation` (1…8) is applied.

    `load(sequential)` opens its samples anew, lazily: the bands of `color`, white at the largest value of `format`
    (float: 1), then, if `alpha`, one of opacity, not premultiplied; with the file's metadata in vips' fields. `whole`:
    it is decoded as a whole. `space` is the color space of samples without a profile `icc`; `codes` the encoding of
    Lab. `pages` counts the pictures of the file; `directory` is the number of the TIFF directory with this one's
    metadata; `notes` are messages for the user, each a sentence that follows the file's name.
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
    """Returns the first `color` bands of `image`, then its band `alpha`."""
    if alpha is None:
        return image if image.bands == color else image.extract_band(0, n=color)
    if image.bands == color + 1:
        return image
    return image.extract_band(0, n=color).bandjoin(image.extract_band(alpha))
