"""How uncertain a colorizer is, from the distribution that its colors come from.

A cell's confidence is the largest probability of any color class together with its neighbors in the ab grid: a color
within one class of the truth looks right. Uncertainty is 1 − confidence. The distribution must be calibrated (Guo et
al. 2017, "On Calibration of Modern Neural Networks", section 4.2, temperature scaling): of the cells with a confidence
of 80 %, four in five are then right. The embedded model's temperature is on its card; `photochrom.training.calibration`
fits it, and `photochrom reliability` measures it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.colorizers.color_classes import ALPHA
from photochrom.image import lab
from photochrom.sampling.resize import stretched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photochrom.values import Distribution, Labels, Plane, Segments

COLD: Final = 0.2
"""Uncertainty below which the heat map is transparent."""

COVER: Final = 0.85
"""The heat map's opacity where the uncertainty is 1: the photograph stays visible."""

RAMP: Final = np.array([(25.0, 35, -45), (50, 62, -5), (70, 40, 60), (92, -5, 75)])
"""Lab of the heat map from uncertainty 0 to 1, in equal steps: violet, red, orange, yellow. Lightness only rises, so
that the order is visible without color vision, too."""

KNOWN: Final = (62.0, -42, 8)
"""Lab of what is known: green, which is no step of the ramp, and as light as its middle."""

KNOWN_COVER: Final = 0.6
"""Its opacity."""

LEAST: Final = 0.3
"""Mean uncertainty below which a segment needs no hint."""


def neighbors(centers: Plane) -> Plane:
    """(classes, 2) centers in ab -> (classes, classes): 1 for each class with itself and with those that touch it."""
    apart = np.abs(centers[:, None] - centers[None]).max(-1)
    return np.asarray(apart <= ALPHA * 1.01, np.float32)


def best_guess(distribution: Distribution) -> tuple[NDArray[np.intp], Plane]:
    """(h, w) the class with the largest probability on and around it, and (h, w) that probability, the confidence
    0…1. Any leading shape may stand for (h, w)."""
    # One product of two matrices: in a stack of small ones each waits for all cores, up to 80 times as long.
    flat = distribution.probabilities.reshape(-1, distribution.probabilities.shape[-1])
    together = (flat @ neighbors(distribution.centers)).reshape(distribution.probabilities.shape)
    # A tie goes to the most probable class: not to a neighbor of a lone peak.
    chosen = (together + 1e-4 * distribution.probabilities).argmax(-1)
    confidence = np.take_along_axis(together, chosen[..., None], -1)[..., 0]
    return chosen, np.minimum(confidence, 1)


def uncertainty(distribution: Distribution) -> Plane:
    """(h, w) 0…1: the probability that even the best guess is off by more than one class."""
    return np.asarray(1 - best_guess(distribution)[1], np.float32)


def chroma_spread(distribution: Distribution) -> Plane:
    """(h, w) in ab units: the standard deviation of the distribution, over a and b together."""
    probabilities, centers = distribution.probabilities, distribution.centers
    mean = probabilities @ centers
    variance = probabilities @ (centers**2).sum(-1) - (mean**2).sum(-1)
    return np.asarray(np.sqrt(np.maximum(variance, 0)), np.float32)


def heat_map(uncertainty: Plane) -> Plane:
    """Uncertainty (h, w) 0…1 -> a heat map (h, w, 4) in sRGB with straight alpha, 0…1: lighter and more opaque where
    the uncertainty is larger."""
    steps = np.linspace(0, 1, len(RAMP))
    ramp = np.stack([np.interp(uncertainty, steps, channel) for channel in RAMP.T], -1)
    share = np.clip((uncertainty - COLD) / (1 - COLD), 0, 1)
    alpha = COVER * np.sqrt(share)[..., None]
    return np.concatenate([np.clip(lab.srgb_from_lab(ramp), 0, 1), alpha], -1).astype(np.float32)


def with_known(heat: Plane, known: Plane) -> Plane:
    """A heat map (h, w, 4) and how much of each pixel is known (h, w) 0…1 -> the same in one color where it is."""
    color = np.array([*np.clip(lab.srgb_from_lab(np.array(KNOWN)), 0, 1), KNOWN_COVER])
    share = np.clip(known, 0, 1)[..., None]
    return np.asarray(heat + share * (color - heat), np.float32)


def paint_first(distribution: Distribution, segments: Segments, count: int = 5, known: Plane | None = None) -> Labels:
    """Where a hint helps most: (h, w) int32 of the segments' size, 1 for the segment to paint on first, 2 for the next,
    … at most `count`, 0 elsewhere.

    Ranked by uncertainty × area × standard deviation of the distribution: where errors are large and seen first. A
    pixel counts for the smallest segment that it belongs to. Where colors are `known`, (h, w) of the distribution's
    size 0…1, no hint is needed.
    """
    inside = segments.innermost
    height, width = inside.shape
    uncertain = uncertainty(distribution)
    if known is not None:
        uncertain = uncertain * (1 - known)
    both = np.stack([uncertain, uncertain * chroma_spread(distribution)], -1)
    sums = [
        np.bincount(inside.ravel(), plane.ravel(), segments.count + 1)
        for plane in np.moveaxis(stretched(both, height, width), -1, 0)
    ]
    areas = np.bincount(inside.ravel(), minlength=segments.count + 1)
    matters = np.where(sums[0] >= LEAST * areas, sums[1], 0)
    matters[0] = 0  # the pixels of no segment
    ranked = np.argsort(-matters, kind="stable")[:count]
    places = np.zeros(segments.count + 1, np.int32)
    places[ranked] = np.where(matters[ranked] > 0, np.arange(1, ranked.size + 1), 0)
    return np.asarray(places[inside])
