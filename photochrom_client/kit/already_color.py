"""Whether a layer is a photograph in color already, rather than a gray or a toned one.

As the engine's batch decides it (photochrom.batch.already_color, which says why), with Python's own modules alone.
"""

from __future__ import annotations

from math import isfinite

SIDE = 128
"""Pixels on the long side of the copy that is measured."""

LEVELS = 16
THRESHOLD = 3.5


def is_color(lab: bytes) -> bool:
    """Of a small copy in "CIE Lab float": whether places of one lightness have different colors. Pixels that are not
    finite, as images of floats may have them, do not count."""
    values = memoryview(lab).cast("f")
    by_level: list[list[tuple[float, float]]] = [[] for _level in range(LEVELS)]
    for lightness, a, b in zip(values[0::3], values[1::3], values[2::3], strict=True):
        if isfinite(lightness + a + b):
            by_level[min(LEVELS - 1, max(0, int(lightness * (LEVELS / 100))))].append((a, b))
    squares = 0.0
    for colors in filter(None, by_level):
        mean_a, mean_b = (sum(plane) / len(colors) for plane in zip(*colors, strict=True))
        squares += sum((a - mean_a) ** 2 + (b - mean_b) ** 2 for a, b in colors)
    return squares > THRESHOLD**2 * sum(map(len, by_level))
