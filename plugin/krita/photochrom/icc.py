"""The RGB space of a document as an ICC profile, made from what Krita converts: it gives plug-ins a profile's name
alone."""

import struct
from math import log
from typing import NamedTuple

WHITE = (0.9642, 1.0, 0.8249)
"""XYZ of D50 (ICC.1:2022, 7.2.16)."""


LIKE = 0.01
"""L* that a curve may differ from a known one at most, which then stands for it."""

NEAR = 0.1
"""L*, a* or b* that colors may differ from those of the matrix and the curve at most."""

RAMP = tuple(each / 32 for each in range(33))
PRIMARIES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
PROBES = ((0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, 0.5), (0.75, 0.5, 0.25), (0.2, 0.6, 0.9))
"""Samples that are looked at."""


class Curve(NamedTuple):
    """From a sample 0…1 to linear light: (scale · sample + shift) ** gamma, below `end` the sample · slope (ICC.1:2022,
    10.18, type 3)."""

    gamma: float
    scale: float = 1.0
    shift: float = 0.0
    slope: float = 0.0
    end: float = 0.0

    def linear(self, sample):
        if sample < self.end:
            return self.slope * sample
        return (self.scale * sample + self.shift) ** self.gamma


LINEAR = Curve(1.0)
SRGB = Curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""IEC 61966-2-1."""


def profile_of(labs_of):
    """The profile of the RGB space whose samples (R, G and B, 0…1) `labs_of` takes to CIE L*a*b* D50; None where it is
    not described by a matrix and one known curve, that of sRGB or a gamma."""
    primaries = labs_of(PRIMARIES)
    curve = _curve_through([lightness for lightness, _a, _b in labs_of([(each,) * 3 for each in RAMP])])
    if curve is None:
        return None
    for samples, known in zip(PROBES, labs_of(PROBES), strict=True):
        # The other way round, NaN would pass.
        if not all(abs(one - other) <= NEAR for one, other in zip(_lab(samples, primaries, curve), known, strict=True)):
            return None
    return matrix_profile(primaries, curve)


def _curve_through(lightness):
    """The known curve that gives the grays of `RAMP` this L*; None if it is another one."""
    middle = len(RAMP) // 2
    light = _inverse((lightness[middle] + 16) / 116)
    if not 0 < light < 1:
        return None
    gamma = round(256 * log(light) / log(RAMP[middle])) / 256  # profiles have such steps (ICC.1:2022, 10.6)
    for curve in (Curve(gamma), SRGB):
        if all(abs(116 * _f(curve.linear(at)) - 16 - known) <= LIKE for at, known in zip(RAMP, lightness, strict=True)):
            return curve
    return None


def _lab(samples, primaries, curve):
    """CIE L*a*b* D50 of samples in the RGB space with these primaries and this curve."""
    columns = [xyz_of(*each) for each in primaries]
    light = [curve.linear(each) for each in samples]
    xyz = [sum(share * column[axis] for share, column in zip(light, columns, strict=True)) for axis in range(3)]
    x, y, z = (_f(value / white) for value, white in zip(xyz, WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def matrix_profile(primaries, curve=LINEAR):
    """The profile of the RGB space with these primaries, CIE L*a*b* D50 of red, green and blue, and this curve.

    Its gamut is that of every matrix profile with the same primaries, whatever the curves (ICC.1:2022, 8.3.3).
    """
    encoded = b"curv" + bytes(8)
    if curve != LINEAR:
        encoded = struct.pack(">4s4xHxx5i", b"para", 3, *(round(65536 * each) for each in curve))
    tags = [(b"wtpt", _xyz(WHITE))]
    for name, lab in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags += [(name + b"XYZ", _xyz(xyz_of(*lab))), (name + b"TRC", encoded)]
    start = 128 + 4 + 12 * len(tags)
    entries, body = b"", b""
    for name, data in tags:
        entries += struct.pack(">4sII", name, start + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s12s4s28s12s48x",
        *(start + len(body), b"", 0x04400000, b"mntr", b"RGB ", b"XYZ ", b"", b"acsp", b"", _xyz(WHITE)[8:]),
    )
    return header + struct.pack(">I", len(tags)) + entries + body


def xyz_of(lightness, a, b):
    """XYZ of CIE L*a*b* D50 (CIE 15:2018, 8.2.1)."""
    y = (lightness + 16) / 116
    return tuple(white * _inverse(f) for white, f in zip(WHITE, (y + a / 500, y, y - b / 200), strict=True))


def _inverse(f):
    return f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29)


def _f(t):
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29


def _xyz(values):
    return b"XYZ " + struct.pack(">4x3i", *(round(value * 65536) for value in values))
