"""The formulas of CIE L*a*b* on vips images: pointwise, so they stream at full size.

`xyz` here is relative to the white: (X/Xn, Y, Z/Zn), each 0…1, equal for every neutral. The branches of
CIE 15:2018, eqs. 8.3–8.8, are written with a clamp instead of a choice: above the knee the straight part
is zero, below it the cube stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import pyvips

from photochrom.image import lab
from photochrom.image.lab import KNEE, SLOPE, Floats

HUGE: Final = 1e30
"""No value of a pixel is larger."""

_PER_LUMINANCE: Final = 24389 / 27
"""dL*/dY where L* is 8 or less."""

_LAST: Final = 65535
"""The last entry of a full 16-bit look-up table, vips' largest."""


def at_least(image: pyvips.Image, floor: float) -> pyvips.Image:
    """`image` with smaller values raised to `floor`."""
    return image.clamp(min=floor, max=HUGE)


def finite(image: pyvips.Image) -> pyvips.Image:
    """`image` (float) with 0 in place of NaN, infinities and what is beyond `HUGE`."""
    return (image.abs() <= HUGE).ifthenelse(image, 0)


class Interpolated:
    """A function on 0…1 as a table of 65536 entries with straight lines between them.

    Several times faster than a power per pixel. With h = 1/65535 the error is below max|g''| h² / 8.
    Arguments outside 0…1 are taken as 0 or 1.
    """

    def __init__(self, function: Callable[[Floats], Floats]) -> None:
        values = np.asarray(function(np.arange(_LAST + 1) / _LAST), dtype=np.float32)
        steps = np.append(np.diff(values), np.float32(0))
        self._values = pyvips.Image.new_from_array(values[None])
        self._steps = pyvips.Image.new_from_array(steps[None])

    def __call__(self, image: pyvips.Image) -> pyvips.Image:
        """The function of every pixel of `image` (float, 0…1, any bands)."""
        place = image.linear(_LAST, 0).clamp(min=0, max=_LAST)
        cell = place.cast("ushort")
        return cell.maplut(self._values) + cell.maplut(self._steps) * (place - cell)


@cache
def _lightness_table() -> Interpolated:
    return Interpolated(lab.lightness_from_luminance)


def f(t: pyvips.Image) -> pyvips.Image:
    """Relative tristimulus values (float, 0…1) to f(t) (float, 4/29…1)."""
    cubic = at_least(t, KNEE**3)
    return cubic.math2_const("pow", [1 / 3]) + (t - cubic) / SLOPE


def f_inverse(u: pyvips.Image) -> pyvips.Image:
    """The inverse of `f`."""
    cubic = at_least(u, KNEE)
    return cubic * cubic * cubic + (u - cubic) * SLOPE


def lightness_from_luminance(luminance: pyvips.Image) -> pyvips.Image:
    """D50 luminance (float, any range) to L* (float), in full float precision near black too."""
    root = at_least(luminance, KNEE**3).math2_const("pow", [1 / 3])
    return (luminance > KNEE**3).ifthenelse(root.linear(116, -16), luminance * _PER_LUMINANCE)


def lightness_from_unit_luminance(luminance: pyvips.Image) -> pyvips.Image:
    """D50 luminance (float, within 0…1) to L* (float, 0…100), by a table: |error| < 1e-5 L*."""
    return _lightness_table()(luminance)


def luminance_from_lightness(lightness: pyvips.Image) -> pyvips.Image:
    """L* (float, any range) to D50 luminance (float), in full float precision near black too."""
    root = lightness.linear(1 / 116, 16 / 116)
    return (lightness > 8).ifthenelse(root * root * root, lightness * (1 / _PER_LUMINANCE))


def xyz_from_lab(lightness: pyvips.Image, ab: pyvips.Image) -> pyvips.Image:
    """L* (1 band) and a*, b* (2 bands) to relative xyz (3 bands float)."""
    lab = lightness.bandjoin(ab)
    to_f = [[1 / 116, 1 / 500, 0], [1 / 116, 0, 0], [1 / 116, 0, -1 / 200]]
    return f_inverse(lab.recomb(pyvips.Image.new_from_array(to_f)) + 16 / 116)


def ab_from_xyz(xyz: pyvips.Image) -> pyvips.Image:
    """Relative xyz (3 bands float) to a*, b* (2 bands float)."""
    return f(xyz).recomb(pyvips.Image.new_from_array([[500, -500, 0], [0, 200, -200]]))
