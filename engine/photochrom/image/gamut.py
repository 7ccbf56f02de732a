"""Gamut mapping at constant luminance: out-of-gamut colors lose chroma, never lightness.

In linear light the D50 luminance Y of a mixture is the mixture of the luminances. So every color on the
straight line from the neutral (Y, Y, Y) to the wanted linear `rgb` has luminance Y, and the most colorful
one that fits is, in closed form,

    rgb' = Y + t (rgb − Y),   t = min(1, (1 − Y) / (max(rgb) − Y), Y / (Y − min(rgb))),   t ≥ 0.

Where Y itself is not inside 0…1 (float pictures), t is 0: the neutral stays neutral.
"""

from __future__ import annotations

import numpy as np
import pyvips

from photochrom.image import colorimetry
from photochrom.image.color_spaces import RGBSpace


def _distance_and_share(
    xyz: pyvips.Image, luminance: pyvips.Image, space: RGBSpace
) -> tuple[pyvips.Image, pyvips.Image]:
    """Returns rgb − Y (3 bands, linear) of the wanted color, and t, the share of it in gamut (1 band, 0…1)."""
    to_distance = space.from_white_relative - np.array([0.0, 1.0, 0.0])
    distance = xyz.recomb(pyvips.Image.new_from_array(to_distance.tolist()))
    red, green, blue = distance[0], distance[1], distance[2]
    above = red.maxpair(green).maxpair(blue)
    below = red.minpair(green).minpair(blue)
    # In vips x / 0 is 0: a color at no distance gets t = 0, and is the neutral either way.
    room = ((1 - luminance) / above).minpair(luminance / (below * -1))
    return distance, room.clamp(min=0, max=1)


def linear_rgb(lightness: pyvips.Image, ab: pyvips.Image, space: RGBSpace) -> pyvips.Image:
    """The color (L*, a*, b*) as linear RGB of `space` (3 bands float), fitted at constant luminance.

    Values lie in 0…1 wherever 0 ≤ L* ≤ 100; elsewhere the result is the neutral of the same luminance.
    """
    xyz = colorimetry.xyz_from_lab(lightness, ab)
    luminance = colorimetry.luminance_from_lightness(lightness)
    distance, share = _distance_and_share(xyz, luminance, space)
    return distance * share + luminance


def fit_ab(lightness: pyvips.Image, ab: pyvips.Image, space: RGBSpace) -> pyvips.Image:
    """Returns a*, b* (2 bands float) such that (L*, a*, b*) is in gamut; in-gamut values are unchanged."""
    xyz = colorimetry.xyz_from_lab(lightness, ab)
    luminance = colorimetry.luminance_from_lightness(lightness)
    _, share = _distance_and_share(xyz, luminance, space)
    fitted = colorimetry.ab_from_xyz((xyz - luminance) * share + luminance)
    return (share < 1).ifthenelse(fitted, ab)
