"""Draws color noise within each object to the object's own color: CCC, Algorithm 1, made gentle for photographs.

The published version (`photochrom.harmonization.algorithm1`) does more harm than good: an object of two colors loses
one of them, and a value just beyond the threshold jumps. The differences (figures in NOTES.md in this folder):

- A pixel belongs to its smallest segment, so that an object inside a larger one keeps its own color.
- a and b make one color: its mode is the weighted mean of the colors around the peak of a histogram over both.
- Values are drawn to the mode in proportion to their distance, without a threshold.
- A segment with a second color stays unchanged.
- No segment is too small: Ψ made no measurable difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from photochrom.values import Labels, Plane, Segments

HALFWAY: Final = 8.0
"""δ: a color at this distance from its segment's mode, in ab units, is drawn half of the way."""

REACH: Final = 16.0
"""Weights of colors around the histogram's peak in the mode, by their distance (σ, ab units)."""

APART: Final = 20.0
"""Minimum distance of a second color, in ab units."""

SECOND: Final = 0.25
"""Minimum share of a second color, in pixels relative to the first, to count as real."""

BIN: Final = 4
BINS: Final = 50
"""Width of the histogram's bins, in ab units, and their number for each of a and b; colors outside count in the
outermost bins."""

_CENTERS: Final = (np.arange(BINS, dtype=np.float32) + np.float32(0.5 - BINS / 2)) * BIN


def draw_together(ab: Plane, segments: Segments, strength: float = 1.0) -> Plane:
    """ab (h, w, 2) in Lab units, segments of the same size, strength 0 (nothing happens) to 1 -> ab (h, w, 2).

    Raises:
        BadRequest: the strength is out of range.
    """
    if not 0 <= strength <= 1:
        raise BadRequest(f"The strength of harmonizing must be 0–1, not {strength:g}.")
    labels = segments.innermost
    counts, sums = _histograms(ab, labels, segments.count + 1)
    mode, plain = _colors(counts, sums)
    shares = plain * np.float32(strength)
    shares[0] = 0
    missing = mode[labels]
    missing -= ab
    squared = np.einsum("ijk,ijk->ij", missing, missing)
    drawn = squared / (squared + np.float32(HALFWAY**2)) * shares[labels]
    missing *= drawn[..., None]
    missing += ab
    return missing


def _histograms(ab: Plane, labels: Labels, segments: int) -> tuple[Plane, Plane]:
    """How many pixels each segment has in each bin, (segments, BINS, BINS), and the sums of their ab, (2, …)."""
    bins = np.clip(ab * np.float32(1 / BIN) + np.float32(BINS / 2), 0, BINS - 1).astype(np.int32)
    place = ((labels * BINS + bins[..., 0]) * BINS + bins[..., 1]).ravel()
    shape = segments, BINS, BINS
    counts, *sums = (
        np.bincount(place, weights, segments * BINS * BINS).astype(np.float32).reshape(shape)
        for weights in (None, ab[..., 0].ravel(), ab[..., 1].ravel())
    )
    return counts, np.stack(sums)


def _colors(counts: Plane, sums: Plane) -> tuple[Plane, NDArray[np.bool_]]:
    """The mode of each segment, (segments, 2), and whether it has no second color."""
    first = _peak(counts)
    away = _squared(first)
    near = np.exp(away * np.float32(-0.5 / REACH**2))
    total = np.maximum(np.einsum("sab,sab->s", near, counts), np.float32(1e-6))
    mode = np.stack([np.einsum("sab,sab->s", near, each) / total for each in sums], -1)
    second = _peak(np.where(away > APART**2, counts, 0))
    ours = away < (APART / 2) ** 2
    others = (_squared(second) < (APART / 2) ** 2) & ~ours
    return mode, np.einsum("sab,sab->s", counts, others) <= SECOND * np.einsum("sab,sab->s", counts, ours)


def _peak(histograms: Plane) -> Plane:
    """(segments, 2): the ab of each one's fullest bin."""
    row, column = np.divmod(histograms.reshape(len(histograms), -1).argmax(1), BINS)
    return np.stack([_CENTERS[row], _CENTERS[column]], -1)


def _squared(colors: Plane) -> Plane:
    """(segments, BINS, BINS): squared distance of each bin from the segment's color (segments, 2)."""
    a, b = (_CENTERS - colors[:, each, None] for each in (0, 1))
    return np.asarray((a * a)[:, :, None] + (b * b)[:, None, :])
