"""A photograph's lightness and ab as the sRGB that a viewer sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyvips


def gray(lightness: pyvips.Image) -> pyvips.Image:
    """A photograph's lightness as 8-bit sRGB, without color. Lazy."""
    return srgb(lightness, lightness.bandjoin(0) * 0)


def srgb(lightness: pyvips.Image, ab: pyvips.Image) -> pyvips.Image:
    """A photograph's lightness and ab as 8-bit sRGB: the pixels that a file of the result would hold. Lazy."""
    from photochrom.image import gamut
    from photochrom.image.color_spaces import SRGB

    return SRGB.encode(gamut.linear_rgb(lightness, ab, SRGB), "uchar")
