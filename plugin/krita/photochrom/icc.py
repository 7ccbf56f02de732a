"""The gamut of a document as an ICC profile, made from its primaries: Krita gives plug-ins a profile's name alone."""

import struct

WHITE = (0.9642, 1.0, 0.8249)
"""XYZ of D50 (ICC.1:2022, 7.2.16)."""


def matrix_profile(primaries):
    """A profile in linear light of the RGB space with these primaries: CIE L*a*b* D50 of red, green and blue.

    Its gamut is that of every matrix profile with the same primaries, whatever the curves (ICC.1:2022, 8.3.3).
    """
    tags = [(b"wtpt", _xyz(WHITE))]
    for name, lab in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags += [(name + b"XYZ", _xyz(xyz_of(*lab))), (name + b"TRC", b"curv" + bytes(8))]
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


def _xyz(values):
    return b"XYZ " + struct.pack(">4x3i", *(round(value * 65536) for value in values))
