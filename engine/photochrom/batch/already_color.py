"""Whether a photograph is in color already: measured, not read from its file's kind of samples.

Scans of black-and-white photographs are mostly RGB, and often toned: brown, blue, faded unevenly. What a toner does
follows the tone: all places of one lightness have nearly one color. In a color photograph they have many. So the
measure is how far colors lie from the mean color of their lightness, not how strong they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from photochrom.values import Plane

LEVELS: Final = 16
"""Steps of lightness within which one color is expected."""

THRESHOLD: Final = 3.5
"""In ab units. Of 352 color photographs of the test set one lies below it (the dullest, 2.5); nine scans of old prints
reach 1.9 at most."""


def color_spread(lab: Plane) -> float:
    """Lab (h, w, 3) -> the root of the mean squared distance of its ab from the mean ab of their lightness."""
    level = np.clip(lab[..., 0] * (LEVELS / 100), 0, LEVELS - 1).astype(np.intp).ravel()
    count = np.maximum(np.bincount(level, minlength=LEVELS), 1)
    squares = 0.0
    for plane in (lab[..., 1].ravel(), lab[..., 2].ravel()):
        mean = np.bincount(level, plane, LEVELS) / count
        squares += float(np.mean((plane - mean[level]) ** 2))
    return float(np.sqrt(squares))


def is_color(lab: Plane) -> bool:
    """Whether a picture, reduced, Lab (h, w, 3), is a color photograph."""
    return color_spread(lab) > THRESHOLD
