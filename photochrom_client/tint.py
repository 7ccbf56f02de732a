"""The tint of the paper that a photograph was printed on, such as sepia."""

from __future__ import annotations

from array import array

from .protocol import MAX_TINT

SIDE = 256
"""Pixels on the long side of the copy that is measured."""

NOISE = 3.0
"""Chroma (ab units) below which a pixel counts as gray: 8-bit rounding in the darks and JPEG's own noise reach it."""

TONED = 0.1
"""Least share of pixels above the noise: less is a stamp or a stain, not toned paper."""


def tint_of(lab: bytes) -> tuple[float, float]:
    """The tint (a, b) of a layer, from a small copy of it in "CIE Lab float"; (0, 0) where it is gray."""
    values = memoryview(lab).cast("f")
    toned = array("d"), array("d")
    for a, b in zip(values[1::3], values[2::3], strict=True):
        if a * a + b * b > NOISE * NOISE:
            toned[0].append(a)
            toned[1].append(b)
    count = len(toned[0])
    if not count or count < TONED * len(values) / 3:
        return 0.0, 0.0
    a, b = (max(-MAX_TINT, min(MAX_TINT, sum(plane) / count)) for plane in toned)
    return a, b
