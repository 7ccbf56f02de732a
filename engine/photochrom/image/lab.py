"""CIE L*a*b* D50 for proxies, in numpy.

CIE 15:2018, section 8.2.1, with the white of the ICC profile connection space (ICC.1:2022, 7.2.16) and
the linear Bradford adaptation that ICC profiles use (ICC.1:2022, annex E). This is the Lab of GIMP's
`CIE Lab float`, of lcms and of libvips' ICC transforms.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

WHITE: Final = np.array([0.9642, 1.0, 0.8249])
"""XYZ of the D50 white of the ICC profile connection space."""

D65: Final = (0.3127, 0.3290)
"""Chromaticity x, y of the white of sRGB, Display P3 and Adobe RGB (1998)."""

KNEE: Final = 6 / 29
"""f(t) below which f is a straight line; KNEE**3 is 216/24389."""

SLOPE: Final = 3 * KNEE**2
"""dt/df on that straight line, and of the cube where they meet."""

_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def adaptation(white: tuple[float, float]) -> NDArray[np.float64]:
    """Returns the Bradford matrix (3, 3) from XYZ under `white` (chromaticity x, y) to XYZ under D50."""
    x, y = white
    source = _BRADFORD @ np.array([x / y, 1.0, (1 - x - y) / y])
    return np.asarray(np.linalg.inv(_BRADFORD) @ np.diag(_BRADFORD @ WHITE / source) @ _BRADFORD)


Chromaticity = tuple[float, float]


def rgb_to_xyz(primaries: tuple[Chromaticity, Chromaticity, Chromaticity], white: Chromaticity) -> NDArray[np.float64]:
    """The matrix (3, 3) from linear RGB to XYZ D50, for primaries and a white given as chromaticities.

    RGB (1, 1, 1) becomes exactly `WHITE`.
    """
    xyz = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    x, y = white
    matrix = xyz * np.linalg.solve(xyz, np.array([x / y, 1.0, (1 - x - y) / y]))
    return np.asarray(adaptation(white) @ matrix)


SRGB_TO_XYZ: Final = rgb_to_xyz(((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), D65)
"""Linear sRGB (IEC 61966-2-1) to XYZ D50."""


def _floats(values: ArrayLike) -> Floats:
    """An array of at least float32: integers become float64."""
    array = np.asarray(values)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def decode_srgb(encoded: ArrayLike) -> Floats:
    """sRGB values 0…1, any shape, to linear light 0…1 (IEC 61966-2-1, 4.2).

    Values below 0 continue the linear segment, values above 1 the power function, as in GIMP.
    """
    v = _floats(encoded)
    power = ((np.maximum(v, 0.04045) + 0.055) / 1.055) ** 2.4
    return np.where(v <= 0.04045, v / 12.92, power).astype(v.dtype)


def encode_srgb(linear: ArrayLike) -> Floats:
    """Linear light 0…1, any shape, to sRGB values 0…1: the inverse of `decode_srgb`."""
    v = _floats(linear)
    power = 1.055 * np.maximum(v, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(v <= 0.0031308, v * 12.92, power).astype(v.dtype)


def lab_f(t: Floats) -> Floats:
    """CIE 15:2018, eqs. 8.6–8.8: of X/Xn, Y/Yn or Z/Zn, any shape."""
    return np.where(t > KNEE**3, np.cbrt(np.maximum(t, 0)), (t - KNEE**3) / SLOPE + KNEE).astype(t.dtype)


def lab_f_inverse(u: Floats) -> Floats:
    """The inverse of `lab_f`."""
    return np.where(u > KNEE, u**3, SLOPE * (u - KNEE) + KNEE**3).astype(u.dtype)


def lightness_from_luminance(luminance: ArrayLike) -> Floats:
    """D50 luminance Y 0…1, any shape, to L* 0…100 (CIE 15:2018, eq. 8.3)."""
    return 116 * lab_f(_floats(luminance)) - 16


def luminance_from_lightness(lightness: ArrayLike) -> Floats:
    """L* 0…100, any shape, to D50 luminance Y 0…1."""
    return lab_f_inverse((_floats(lightness) + 16) / 116)


def lab_from_srgb(rgb: ArrayLike) -> Floats:
    """sRGB (…, 3), 0…1, to Lab D50 (…, 3): L* 0…100, a*, b*. float32 stays float32."""
    linear = decode_srgb(rgb)
    f = lab_f(linear @ (SRGB_TO_XYZ / WHITE[:, None]).T.astype(linear.dtype))
    fx, fy, fz = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def srgb_from_lab(lab: ArrayLike) -> Floats:
    """Lab D50 (…, 3) to sRGB (…, 3). Out-of-gamut colors give values outside 0…1: clip or map them."""
    v = _floats(lab)
    fy = (v[..., 0] + 16) / 116
    f = np.stack([fy + v[..., 1] / 500, fy, fy - v[..., 2] / 200], axis=-1)
    to_rgb = np.linalg.inv(SRGB_TO_XYZ) * WHITE
    return encode_srgb(lab_f_inverse(f) @ to_rgb.T.astype(v.dtype))
