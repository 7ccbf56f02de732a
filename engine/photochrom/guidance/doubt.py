"""How much a colorizer guessed, from the distribution it chose its colors from.

A cell's confidence is the greatest probability that any class of color has together with its neighbors in the ab
grid: what lies within one class of the truth looks right. Doubt is what is missing to 1. The distribution must be
calibrated (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2, temperature scaling): of the cells
with a confidence of 80 % four in five are then right. The temperature of an embedded model is on its card, was found by
`photochrom.training.calibration` and is measured by `photochrom reliability`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.colorizers.classes import ALPHA
from photochrom.image import lab
from photochrom.sampling.resize import stretched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photochrom.values import Distribution, Labels, Plane, Segments

COLD: Final = 0.2
"""Doubt below which the heat map is transparent: nobody need look there."""

COVER: Final = 0.85
"""The heat map's opacity where doubt is 1: the photograph stays to be seen."""

RAMP: Final = np.array([(25.0, 35, -45), (50, 62, -5), (70, 40, 60), (92, -5, 75)])
"""Lab of the heat map from no doubt to doubt 1, in equal steps: violet, red, orange, yellow. Lightness only rises, so
the order is seen without color vision too."""

LEAST_DOUBT: Final = 0.3
"""A segment that is surer than this needs no hint."""


def neighbors(centers: Plane) -> Plane:
    """(classes, 2) centers in ab -> (classes, classes): 1 for each class with itself and with those that touch it."""
    apart = np.abs(centers[:, None] - centers[None]).max(-1)
    return np.asarray(apart <= ALPHA * 1.01, np.float32)


def best_guess(distribution: Distribution) -> tuple[NDArray[np.intp], Plane]:
    """(h, w) the class that most probability lies on and around, and (h, w) that probability, the confidence 0…1."""
    together = distribution.probabilities @ neighbors(distribution.centers)
    # Where several have as much around them, the most probable of them: not a corner of a lone peak's surroundings.
    chosen = (together + 1e-4 * distribution.probabilities).argmax(-1)
    found = np.take_along_axis(together, chosen[..., None], -1)[..., 0]
    return chosen, np.minimum(found, 1)


def doubt(distribution: Distribution) -> Plane:
    """(h, w) 0…1: the probability that even the best guess is more than one class off."""
    return np.asarray(1 - best_guess(distribution)[1], np.float32)


def chroma_spread(distribution: Distribution) -> Plane:
    """(h, w) in ab units: the standard deviation of the colors that are thought possible, a and b together."""
    probabilities, centers = distribution.probabilities, distribution.centers
    mean = probabilities @ centers
    variance = probabilities @ (centers**2).sum(-1) - (mean**2).sum(-1)
    return np.asarray(np.sqrt(np.maximum(variance, 0)), np.float32)


def heat(doubt: Plane) -> Plane:
    """Doubt (h, w) 0…1 -> a heat map (h, w, 4): sRGB and alpha, 0…1, alpha not multiplied in; the more doubt, the
    lighter and the more opaque."""
    steps = np.linspace(0, 1, len(RAMP))
    ramp = np.stack([np.interp(doubt, steps, channel) for channel in RAMP.T], -1)
    share = np.clip((doubt - COLD) / (1 - COLD), 0, 1)
    alpha = COVER * np.sqrt(share)[..., None]
    return np.concatenate([np.clip(lab.srgb_from_lab(ramp), 0, 1), alpha], -1).astype(np.float32)


def paint_first(distribution: Distribution, segments: Segments, count: int = 5) -> Labels:
    """Where a hint helps most: (h, w) int32 of the segments' size, 1 for the segment to paint on first, 2 for the next,
    … at most `count`, 0 elsewhere.

    Ranked by doubt × area × spread of the colors thought possible: what is wrong there is wrong by much and seen
    first. A pixel counts for the smallest segment that it belongs to.
    """
    inside = segments.innermost
    height, width = inside.shape
    doubts = doubt(distribution)
    both = np.stack([doubts, doubts * chroma_spread(distribution)], -1)
    sums = [
        np.bincount(inside.ravel(), plane.ravel(), segments.count + 1)
        for plane in np.moveaxis(stretched(both, height, width), -1, 0)
    ]
    areas = np.bincount(inside.ravel(), minlength=segments.count + 1)
    matters = np.where(sums[0] >= LEAST_DOUBT * areas, sums[1], 0)
    matters[0] = 0  # the pixels of no segment
    ranked = np.argsort(-matters, kind="stable")[:count]
    places = np.zeros(segments.count + 1, np.int32)
    places[ranked] = np.where(matters[ranked] > 0, np.arange(1, ranked.size + 1), 0)
    return np.asarray(places[inside])
