"""Resolutions in the forms of TIFF, EXIF, JFIF, PNG and Photoshop; a file without one gets none."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Final

from photochrom.image.metadata.directories import RATIONAL, SHORT, Directory, Values, numbers, whole
from photochrom.image.metadata.exif import UNIT, X_RESOLUTION, Y_RESOLUTION
from photochrom.image.metadata.model import Resolution, Unit

_INCH: Final = Fraction(254, 100)
"""Centimeters."""

_UNITS: Final[dict[int, Unit]] = {1: 1, 2: 2, 3: 3}


def of_tags(tags: Directory) -> Resolution | None:
    """Reads a TIFF or EXIF directory; the default unit is the inch (TIFF 6.0, ResolutionUnit)."""
    x, y = _fraction(tags.get(X_RESOLUTION)), _fraction(tags.get(Y_RESOLUTION))
    unit = _UNITS.get((numbers(tags.get(UNIT)) or (2,))[0])
    return _resolution(x or y, y or x, unit)


def to_tags(resolution: Resolution | None) -> dict[int, Values]:
    """Returns the three tags; none for None."""
    if resolution is None:
        return {}
    return {
        X_RESOLUTION: _rational(resolution.x),
        Y_RESOLUTION: _rational(resolution.y),
        UNIT: whole(SHORT, resolution.unit),
    }


def of_jfif(unit: int, x: int, y: int) -> Resolution | None:
    """Reads a JFIF header, whose units are 0 (aspect ratio), 1 (inch), 2 (centimeter)."""
    if unit == 0 and x == y:
        return None
    return _resolution(Fraction(x), Fraction(y), _UNITS.get(unit + 1))


def to_jfif(resolution: Resolution | None) -> tuple[int, int, int]:
    """Returns unit, x, y for a JFIF header: integers, which is why EXIF has the exact values as well."""
    if resolution is None:
        return 0, 1, 1
    x, y = round(resolution.x), round(resolution.y)
    if min(x, y) >= 1 and max(x, y) <= 65535:
        return resolution.unit - 1, x, y
    return 0, 1, 1


def of_png(unit: int, x: int, y: int) -> Resolution | None:
    """Reads a `pHYs` chunk, whose units are 0 (aspect ratio) and 1 (meter).

    Whole dots per inch, which most programs mean, are restored: 11811 per meter are 300 per inch.
    """
    if unit == 0:
        return None if x == y else _resolution(Fraction(x), Fraction(y), 1)
    across, down = (Fraction(round(value * _INCH / 100)) for value in (x, y))
    if (round(across * 100 / _INCH), round(down * 100 / _INCH)) == (x, y):
        return _resolution(across, down, 2)
    return _resolution(Fraction(x, 100), Fraction(y, 100), 3)


def to_png(resolution: Resolution | None) -> tuple[int, int, int] | None:
    """Returns unit, x, y for a `pHYs` chunk; None if none is needed, or it cannot hold them."""
    if resolution is None:
        return None
    if resolution.unit == 1:
        aspect = resolution.x / resolution.y
        unit, x, y = 0, aspect.numerator, aspect.denominator
    else:
        factor = 100 / _INCH if resolution.unit == 2 else Fraction(100)
        unit, x, y = 1, round(resolution.x * factor), round(resolution.y * factor)
    return (unit, x, y) if min(x, y) >= 1 and max(x, y) < 1 << 31 and (unit or x != y) else None


def of_photoshop(data: bytes) -> Resolution | None:
    """Reads Photoshop's resource 1005: dots per inch, in 65536ths."""
    if len(data) < 12:
        return None
    x, _, _, y = struct.unpack_from(">IHHI", data)
    return _resolution(Fraction(x, 65536), Fraction(y, 65536), 2)


def to_photoshop(resolution: Resolution | None, data: bytes) -> bytes | None:
    """Returns resource 1005 with this resolution, in the display units of `data`; None if it cannot hold it."""
    if resolution is None or resolution.unit == 1 or len(data) < 16:
        return None
    factor = 65536 if resolution.unit == 2 else 65536 * _INCH
    x, y = round(resolution.x * factor), round(resolution.y * factor)
    if not 1 <= min(x, y) <= max(x, y) < 1 << 32:
        return None
    return struct.pack(">I", x) + data[4:8] + struct.pack(">I", y) + data[12:16]


def _resolution(x: Fraction | None, y: Fraction | None, unit: Unit | None) -> Resolution | None:
    if x is None or y is None or unit is None or x <= 0 or y <= 0:
        return None
    return Resolution(x, y, unit)


def _fraction(values: Values | None) -> Fraction | None:
    kind, data = values or (0, b"")
    if kind in (11, 12) and len(data) == {11: 4, 12: 8}[kind]:
        (number,) = struct.unpack("<f" if kind == 11 else "<d", data)
        return Fraction(number) if 0 < number < 1e9 else None
    halves = numbers(values)
    if kind in (5, 10) and len(halves) >= 2:
        return Fraction(halves[0], halves[1]) if halves[0] > 0 and halves[1] > 0 else None
    return Fraction(halves[0]) if halves and halves[0] > 0 else None


def _rational(value: Fraction) -> Values:
    value = value.limit_denominator((1 << 32) - 1)
    while max(value.numerator, value.denominator) >= 1 << 32:
        value = value.limit_denominator(value.denominator // 2 or 1)
        if value.denominator == 1:
            value = Fraction(min(value.numerator, (1 << 32) - 1))
    return whole(RATIONAL, value.numerator, value.denominator)
