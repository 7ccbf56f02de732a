"""Object-selective color harmonization exactly as published: CCC (Gain et al., "CCC: Color Classified Colorization"),
Algorithm 1. For comparison; the pipeline uses `photochrom.harmonization.dominant_color`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from photochrom.values import Plane, Segments

LEAST_PIXELS: Final = 500
"""Ψ of table II: segments of at most this size stay unchanged."""

FARTHEST: Final = 8.0
"""δ_a and δ_b of table II: a value farther than this from its segment's mode is noise."""


def harmonize(ab: Plane, segments: Segments) -> Plane:
    """ab (h, w, 2) in Lab units and segments of the same size -> ab (h, w, 2).

    In every segment of more than `LEAST_PIXELS` pixels, for a and b separately, values more than `FARTHEST` from the
    segment's mode become the mode. The paper leaves two points open: here, the mode is that of values rounded to
    whole units, the smallest of several equally frequent ones; and overlapping segments are processed in the order of
    their numbers, each on the result of the earlier ones.
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
