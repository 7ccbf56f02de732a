"""From paint to hints at a proxy's size, and from those to hints for a smaller map.

Paint is soft and of any size; a cell is hinted or not. A hinted cell's color is the mean of the paint in it, weighted
by alpha. Whether a cell is hinted depends on its coverage relative to its surroundings: a stroke, opaque or a wash,
ends where its coverage has fallen to half, and a stroke thinner than a cell still counts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.sampling.resize import shrunk
from photochrom.values import Hints, Plane

FAINTEST: Final = 0.01
"""Alpha below this is the invisible rest of a soft eraser, and no hint."""

SURROUNDINGS: Final = 1 / 32
"""Radius of a cell's surroundings, in short sides of the picture."""

THIN: Final = 2
"""A stroke is thin where no square of 2 · THIN + 1 cells fits inside it."""


def from_paint(painted: Plane, height: int, width: int) -> Hints | None:
    """Paint (H, W, 4) of any size, CIE L, a, b (D50) and straight alpha 0…1 -> hints (height, width); None if nothing
    is painted.

    L is ignored: a hint is a color, and gray paint means that something is gray. Values that are not finite count as
    0.
    """
    paint = np.array(painted[..., 1:], np.float32)
    if not np.isfinite(paint.sum()):
        np.nan_to_num(paint, copy=False, posinf=0, neginf=0)
    alpha = paint[..., 2]
    np.minimum(alpha, 1, out=alpha)
    alpha[alpha < FAINTEST] = 0
    for channel in (0, 1):
        paint[..., channel] *= alpha
    ab, coverage = _means(paint, height, width)
    return _hints(ab, coverage) if coverage.any() else None


def joined(first: Hints, second: Hints) -> Hints:
    """Joins hints of one size: where both have a color, the first one counts."""
    held = first.mask > 0
    return Hints(np.where(held[..., None], first.ab, second.ab), np.maximum(first.mask, second.mask))


def reduced(hints: Hints, height: int, width: int) -> Hints:
    """Hints at a proxy's size -> hints (height, width) of a map that is no larger. No stroke is lost."""
    held = hints.mask[..., None]
    return _hints(*_means(np.concatenate([hints.ab * held, held], -1), height, width))


def _means(paint: Plane, height: int, width: int) -> tuple[Plane, Plane]:
    """Colors premultiplied by alpha, and alpha (H, W, 3) -> each cell's mean color (height, width, 2), weighted by
    alpha, and its coverage 0…1."""
    means = shrunk(paint, height, width)
    coverage = means[..., 2]
    return np.asarray(means[..., :2] / np.where(coverage > 0, coverage, 1)[..., None], np.float32), coverage


def _hints(ab: Plane, coverage: Plane) -> Hints:
    hinted = _strokes(coverage)
    return Hints(np.where(hinted[..., None], ab, np.float32(0)), hinted.astype(np.float32))


def _strokes(coverage: Plane) -> NDArray[np.bool_]:
    """Which cells (h, w), covered 0…1, are hinted."""
    around = max(1, round(SURROUNDINGS * min(coverage.shape)))
    broad = coverage >= _most(coverage, around) / 2
    # A thin stroke can lie next to much more paint, such as an iris in a face. It counts by how far it rises above the
    # broad paint (the white top-hat of mathematical morphology), relative to its nearest neighbors.
    rise = coverage - _most(_least(coverage, THIN), THIN)
    thin = (rise >= coverage / 2) & (coverage >= _most(coverage, 1) / 2)
    return (coverage > 0) & (broad | thin)


def _most(plane: Plane, reach: int) -> Plane:
    """The maximum within so many cells up, down, left and right."""
    return _over_windows(np.maximum, plane, reach)


def _least(plane: Plane, reach: int) -> Plane:
    """The minimum within so many cells; 0 beyond the border."""
    return _over_windows(np.minimum, plane, reach)


def _over_windows(pick: np.ufunc, plane: Plane, reach: int) -> Plane:
    padded, side = np.pad(plane, reach), 2 * reach + 1
    rows = pick.reduce(np.lib.stride_tricks.sliding_window_view(padded, side, 0), -1)
    return np.asarray(pick.reduce(np.lib.stride_tricks.sliding_window_view(rows, side, 1), -1))
