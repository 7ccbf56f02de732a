"""Trapped-ball segmentation (Zhang et al. 2009, "Vectorizing Cartoon Animations"): areas between lines, into which a
ball of a given size fits, so that no area leaks through a gap that is narrower than the ball.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from photochrom.values import Labels, Mask, Plane


def lines_of(lightness: Plane, steepness: float) -> Mask:
    """(h, w) 0…100 -> (h, w): where lightness changes by more than `steepness` a pixel."""
    rows, columns = (ndimage.sobel(lightness, axis, mode="nearest") / 8 for axis in (0, 1))
    return np.asarray(np.hypot(rows, columns) > steepness)


def segmented(lines: Mask, radii: Sequence[int]) -> Labels:
    """Lines (h, w) -> the number, 1…n, of each pixel's area (h, w). `radii` of the balls, the largest first: where one
    fits, an area is what it can reach; what is left is for the next, smaller one. In the end areas grow until they
    meet, over the lines too.
    """
    labels = np.zeros(lines.shape, np.int32)
    for radius in radii:
        # Padded, so that the picture's edges are walls.
        free = np.pad(~lines & (labels == 0), 1)
        centers = ndimage.distance_transform_edt(free) > radius
        parts, _ = ndimage.label(centers)
        if not centers.any():
            continue
        away, nearest = ndimage.distance_transform_edt(~centers, return_indices=True)
        reached = (free & (away <= radius))[1:-1, 1:-1]
        labels[reached] = labels.max() + parts[tuple(nearest)][1:-1, 1:-1][reached]
    if not labels.any():
        return np.ones_like(labels)
    nearest = ndimage.distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    return np.asarray(labels[tuple(nearest)])
