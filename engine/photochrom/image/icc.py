"""Writes ICC profiles: version 4.4 display profiles of RGB (matrix and curve) and of gray (curve)."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from photochrom.image.lab import D65, WHITE, adaptation


def rgb_profile(name: str, to_xyz: NDArray[np.float64], curve: tuple[float, ...]) -> bytes:
    """Returns a profile of three colorants, the columns of `to_xyz` (3, 3), with one curve (ICC.1:2022, 8.3.3).

    `curve`: g, a, b, c, d, e, f of a parametric curve.
    """
    columns = [b"XYZ \0\0\0\0" + _fixed(*column) for column in to_xyz.T]
    return _profile(
        name,
        b"RGB ",
        {
            b"chad": b"sf32\0\0\0\0" + _fixed(*adaptation(D65).ravel()),
            **dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)),
            **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _tone(curve)),
        },
    )


def gray_profile(name: str, curve: tuple[float, ...]) -> bytes:
    """Returns a profile of gray (ICC.1:2022, 8.3.4); `curve` as in `rgb_profile`."""
    return _profile(name, b"GRAY", {b"kTRC": _tone(curve)})


def _profile(name: str, colors: bytes, more: dict[bytes, bytes]) -> bytes:
    tags = {
        b"desc": _text(name),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*WHITE),
        **more,
    }
    body, entries, places = b"", b"", dict[bytes, int]()
    start = 128 + 4 + 12 * len(tags)
    for signature, data in tags.items():
        if data not in places:
            places[data] = start + len(body)
            body += data + b"\0" * (-len(data) % 4)
        entries += struct.pack(">4sII", signature, places[data], len(data))
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI12s4s44x",
        *(start + len(body), b"\0\0\0\0", 0x04400000, b"mntr", colors, b"XYZ "),
        *(2025, 1, 1, 0, 0, 0),
        *(b"acsp", b"\0\0\0\0", 0, b"\0\0\0\0", b"\0\0\0\0", 0, 0, _fixed(*WHITE), b"\0\0\0\0"),
    )
    return header + struct.pack(">I", len(tags)) + entries + body


def _tone(curve: tuple[float, ...]) -> bytes:
    g, a, b, c, d, e, f = curve
    if (a, b, c, d, e, f) == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0):
        return struct.pack(">4sIHH", b"para", 0, 0, 0) + _fixed(g)
    if (e, f) == (0.0, 0.0):
        return struct.pack(">4sIHH", b"para", 0, 3, 0) + _fixed(g, a, b, c, d)
    return struct.pack(">4sIHH", b"para", 0, 4, 0) + _fixed(g, a, b, c, d, e, f)


def _fixed(*values: float) -> bytes:
    """s15Fixed16 numbers (ICC.1:2022, 4.6)."""
    return struct.pack(f">{len(values)}i", *(round(float(value) * 65536) for value in values))


def _text(text: str) -> bytes:
    """A `mluc` tag of one language (ICC.1:2022, 10.15)."""
    encoded = text.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded
