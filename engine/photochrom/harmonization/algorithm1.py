"""Object-selective color harmonization exactly as published: CCC (Gain et al., "CCC: Color Classified Colorization"),
Algorithm 1. Kept to compare with; what the pipeline uses is `photochrom.harmonization.objects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from photochrom.values import Plane, Segments

LEAST_PIXELS: Final = 500
"""Ψ of table II: smaller segments, and those of just this size, are left alone."""

FARTHEST: Final = 8.0
"""δ_a and δ_b of table II: a value farther than this from its segment's mode is noise."""


def harmonize(ab: Plane, segments: Segments) -> Plane:
    """ab (h, w, 2) in Lab units and segments of the same size -> ab (h, w, 2).

    In every segment of more than `LEAST_PIXELS` pixels, for a and b separately, values more than `FARTHEST` from the
    segment's mode become the mode. The paper is silent on two points: the mode is taken over values rounded to whole
    units, the smallest of several that are equally frequent; and segments that overlap are taken in the order of their
    numbers, each seeing what the earlier ones left.
    """
    harmonized = np.array(ab, np.float32)
    for number in np.flatnonzero(segments.areas > LEAST_PIXELS):
        inside = segments.mask(int(number))
        for channel in np.moveaxis(harmonized, -1, 0):
            values = channel[inside]
            mode = _mode(values)
            channel[inside] = np.where(np.abs(values - mode) > FARTHEST, mode, values)
    return harmonized


def _mode(values: NDArray[np.float32]) -> np.float32:
    rounded, counts = np.unique(np.rint(values), return_counts=True)
    return np.float32(rounded[counts.argmax()])
