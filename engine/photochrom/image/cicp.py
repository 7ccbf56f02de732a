"""Color spaces by code points: `nclx` of HEIF and AVIF, `cICP` of PNG.

ITU-T H.273 (2021), tables 2 and 3. High dynamic range (PQ, HLG) is not supported: its white is not at 1.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from photochrom.image.color_spaces import LINEAR, NAMED, SRGB, SRGB_CURVE, Parametric, RGBSpace
from photochrom.image.icc import rgb_profile
from photochrom.image.lab import D65, rgb_to_xyz

_C: Final = (0.310, 0.316)
_DCI: Final = (0.314, 0.351)

_BT709: Final = (((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)), D65)

_PRIMARIES: Final = {
    1: _BT709,
    2: _BT709,
    4: (((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), _C),
    5: (((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), D65),
    6: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    7: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    8: (((0.681, 0.319), (0.243, 0.692), (0.145, 0.049)), _C),
    9: (((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), D65),
    11: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _DCI),
    12: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65),
    22: (((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)), D65),
}
"""Chromaticities of R, G, B, and of white; unspecified (2) is treated as sRGB."""

_BT709_CURVE: Final = Parametric(1 / 0.45, a=1 / 1.099, b=0.099 / 1.099, c=1 / 4.5, d=0.081)

_CURVES: Final = {
    1: _BT709_CURVE,
    2: SRGB_CURVE,
    4: Parametric(2.2),
    5: Parametric(2.8),
    6: _BT709_CURVE,
    7: Parametric(1 / 0.45, a=1 / 1.1115, b=0.1115 / 1.1115, c=1 / 4.0, d=0.0912),
    8: LINEAR,
    13: SRGB_CURVE,
    14: _BT709_CURVE,
    15: _BT709_CURVE,
}
"""Transfer functions from samples to linear light, white at 1."""

HDR: Final = {16: "PQ", 18: "HLG"}
"""Names of the transfer characteristics of high dynamic range."""


@cache
def space(primaries: int, transfer: int) -> RGBSpace | None:
    """Returns the RGB space of these code points, with a profile; None if it is unknown or HDR."""
    if primaries in (1, 2) and transfer in (2, 13):
        return SRGB
    if primaries == 12 and transfer in (2, 13):
        return NAMED["display-p3"]
    if primaries not in _PRIMARIES or transfer not in _CURVES:
        return None
    matrix, curve = rgb_to_xyz(*_PRIMARIES[primaries]), _CURVES[transfer]
    name = f"CICP {primaries}/{transfer}"
    return RGBSpace(name, matrix, (curve, curve, curve), rgb_profile(name, matrix, curve.coefficients))
