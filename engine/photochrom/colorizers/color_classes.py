"""Color classes: the ab plane cut into bins, as Color Classified Colorization has them (CCC, section III-C).

The plane −100…100 × −100…100 is cut into 20 × 20 bins of 10 (table II: α = 10, β = 100, Δ = 20). Only the bins that
occur in real photographs stay (CCC keeps 215 of 400); a color in any other bin belongs to the nearest one that
stays (eq. 12).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHA = 10.0
BETA = 100.0
DELTA = 20
SECTORS = 8
"""Parts of 45° of all hues, from 0° on."""

COLORED = 15.0
"""Chroma of a class's center from which its hue can be seen."""


def bin_of(ab: NDArray[np.floating]) -> NDArray[np.int64]:
    """CCC eq. 9: (…, 2) ab in Lab units -> (…) bin 0…399. Colors outside ±100 belong to the outermost bin."""
    cell = np.clip(np.floor((ab + BETA) / ALPHA), 0, DELTA - 1).astype(np.int64)
    return np.asarray(cell[..., 1] * DELTA + cell[..., 0])


def center_of(bins: NDArray[np.integer]) -> NDArray[np.float32]:
    """CCC eqs. 10 and 11: (…) bin 0…399 -> (…, 2) ab of the bin's center."""
    a = (bins % DELTA) * ALPHA - BETA + ALPHA / 2
    b = (bins // DELTA) * ALPHA - BETA + ALPHA / 2
    return np.stack([a, b], -1).astype(np.float32)


@dataclass(frozen=True)
class ColorClasses:
    """The bins that stay, in rising order; class k is `bins[k]`."""

    bins: tuple[int, ...]

    @property
    def centers(self) -> NDArray[np.float32]:
        """(classes, 2) ab of each class."""
        return center_of(np.array(self.bins))

    @property
    def sectors(self) -> NDArray[np.int64]:
        """(classes,) the sector of each class's hue, 0…7; −1 for those of too little chroma. A center on the border of
        two sectors, as (15, 15), belongs to the upper one."""
        a, b = self.centers.T.astype(np.float64)  # 32 bits give 44.999996° for that one
        sector = np.floor(np.degrees(np.arctan2(b, a)) / (360 / SECTORS)).astype(np.int64) % SECTORS
        return np.where(np.hypot(a, b) >= COLORED, sector, -1)

    def offsets(self, balance: NDArray[np.floating]) -> NDArray[np.float32]:
        """(8,) what is added to the logits of each sector's classes -> (classes,) the same for each class."""
        return np.append(balance, 0).astype(np.float32)[self.sectors]

    def nearest(self) -> NDArray[np.int64]:
        """(400,) the class of every bin: its own, or that of the nearest bin that stays (CCC eq. 12)."""
        every = center_of(np.arange(DELTA * DELTA))
        distance = ((every[:, None] - self.centers[None]) ** 2).sum(-1)
        return np.asarray(distance.argmin(1))


def classes_that_occur(counts: NDArray[np.integer], share: float = 4.55e-6) -> ColorClasses:
    """(400,) pixels seen in each bin -> the bins that hold at least `share` of all (CCC: 0.000455 %)."""
    return ColorClasses(tuple(int(b) for b in np.flatnonzero(counts >= share * counts.sum())))


def annealed_mean(
    probabilities: NDArray[np.float32], centers: NDArray[np.float32], temperature: float
) -> NDArray[np.float32]:
    """(h, w, classes) probabilities -> (h, w, 2) ab: the expectation of the sharpened distribution.

    Zhang et al. 2016 ("Colorful Image Colorization"), eq. 5: z^(1/T), normalized. T = 1 is the mean, T towards 0 the
    mode.
    """
    sharpened = probabilities
    if temperature != 1:
        # Relative to the most probable class, whose power is then 1: no cell's powers are all too small for a float.
        sharpened = (probabilities / probabilities.max(-1, keepdims=True)) ** (1 / temperature)
    total = sharpened.sum(-1, keepdims=True)
    return np.asarray(sharpened @ centers / total, np.float32)
