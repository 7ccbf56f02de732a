"""Corrects a prediction towards its hints, spreading each correction to similar cells nearby.

A network that takes hints (Zhang et al. 2017) follows them only in part. The difference between hint and prediction at
a hinted cell spreads to other cells with a weight that falls with the distance, the difference in lightness and the
difference in predicted color: a bilateral filter (Tomasi & Manduchi 1998) with the hints as its only samples. The
strength of a correction depends on the largest weight, not on their number: a broad stroke reaches no farther than a
dab. Where all weights vanish, the prediction is unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Hints, Plane

DISTANCE: Final = 0.2
"""Distance, in short sides of the picture (σ)."""

LIGHTNESS: Final = 12.0
"""Difference in L* (σ)."""

COLOR: Final = 8.0
"""Difference in predicted color, in ab units (σ): other objects mostly have other colors."""

KEPT: Final = 0.1
"""The weight at which hint and prediction count equally; a hinted cell itself has a weight of up to 1. Below, a hint
counts by the square, so that a vivid one does not tint everything that is slightly similar."""

FAINTEST: Final = 1e-12
"""Lower limit of the sum of weights, to divide by."""

HINTED: Final = 0.2
"""A cell counts as hinted if at least this part of its area is."""


def spread(ab: Plane, lightness: Plane, hints: Hints) -> Plane:
    """ab (h, w, 2) of a network, lightness (H, W) 0…100 and hints of the same picture -> ab (h, w, 2) that follows
    the hints.
    """
    height, width = ab.shape[:2]
    covered = shrunk(hints.mask, height, width)
    rows, columns = np.nonzero(covered >= HINTED)
    if not rows.size:
        return ab
    own = shrunk(lightness, height, width)
    # Mean hint color of the hinted pixels, not diluted by the rest of the cell.
    wanted = shrunk(hints.ab * hints.mask[..., None], height, width)[rows, columns] / covered[rows, columns, None]
    missing = wanted - ab[rows, columns]
    weight = covered[rows, columns]
    # Position, lightness and color, each in units of its σ: weights fall with the squared distance of two such points.
    down, across = np.indices((height, width), np.float32) / np.float32(DISTANCE * min(height, width))
    points = np.dstack([down, across, own / LIGHTNESS, ab / COLOR])
    hinted = points[rows, columns]
    squared = (hinted**2).sum(-1)
    followed = np.empty_like(ab)
    for row, cells in enumerate(points):  # One row at a time: memory stays small however much is hinted.
        away = np.maximum((cells**2).sum(-1, keepdims=True) + squared - 2 * cells @ hinted.T, 0)
        weights = weight * np.exp(-away / 2)
        most = weights.max(1, keepdims=True) ** 2
        total = np.maximum(weights.sum(1, keepdims=True), FAINTEST)
        followed[row] = ab[row] + weights @ missing / total * most / (most + KEPT**2)
    return followed
