"""Where a colorizer did not follow a hint, what is missing is spread to what looks alike and lies near.

A network that takes hints (Zhang et al. 2017) still keeps much of its own mind. The difference between hint and answer
at a hinted cell is carried to the other cells with a weight that falls with distance, with difference in lightness
and with difference in the answer's own color: a bilateral filter (Tomasi & Manduchi 1998) with the hints as its only
samples. How far it is heeded depends on the hint that weighs most, not on how many there are: a broad stroke reaches no
farther than a dab. Where no hint weighs anything, the answer stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Hints, Plane

DISTANCE: Final = 0.2
"""How far a hint reaches, in short sides of the picture (σ)."""

LIGHTNESS: Final = 12.0
"""How far in L* (σ)."""

COLOR: Final = 8.0
"""How far in the color that the network gave, in ab units (σ): other objects mostly have other colors."""

KEPT: Final = 0.1
"""The weight at which a hint and the network's own answer count alike; a hinted cell, seen from itself, weighs up to 1.
Below it a hint counts by the square: a vivid one must not tint all that is a little like it."""

FAINTEST: Final = 1e-12
"""Weights are at least so much in all, to be divided by."""

HINTED: Final = 0.2
"""A cell counts as hinted from this part of its area on."""


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
    # What tells cells apart, each in its own σ: the weights fall with the squared distance between two such points.
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
