"""Colors for people to see: CIE Lab to sRGB, for swatches of a few pixels in editors without a converter at hand."""

from __future__ import annotations

from ..translation import translated as _

LIGHTNESS = 60.0
"""L* at which a color without a lightness of its own is shown."""

PLAIN = (
    (_("red"), (56.0, 39.0)),
    (_("orange"), (30.0, 49.0)),
    (_("yellow"), (0.0, 54.0)),
    (_("green"), (-33.0, 30.0)),
    (_("teal"), (-25.0, -6.0)),
    (_("blue"), (2.0, -45.0)),
    (_("violet"), (26.0, -34.0)),
    (_("brown"), (13.0, 28.0)),
)
"""Colors that people name, whatever the object: each name with (a*, b*)."""

_WHITE = (0.9642, 1.0, 0.8251)
"""Of D50 (ICC.1:2022, section 7.2.16)."""

_SRGB = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""Linear sRGB from XYZ D50 (IEC 61966-2-1 with Bradford's adaptation)."""


def srgb_of(a: float, b: float, lightness: float = LIGHTNESS) -> tuple[float, float, float]:
    """(a*, b*) D50 at a lightness -> sRGB, 0…1, clipped to the gamut."""
    middle = (lightness + 16) / 116
    roots = (middle + a / 500, middle, middle - b / 200)
    xyz = [
        white * (root**3 if root > 6 / 29 else 3 * (6 / 29) ** 2 * (root - 4 / 29))
        for white, root in zip(_WHITE, roots, strict=True)
    ]
    red, green, blue = (_encoded(sum(factor * each for factor, each in zip(row, xyz, strict=True))) for row in _SRGB)
    return red, green, blue


def _encoded(linear: float) -> float:
    value = min(1.0, max(0.0, linear))
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
