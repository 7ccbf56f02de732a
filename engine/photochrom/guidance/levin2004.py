"""Levin, Lischinski & Weiss 2004, "Colorization using Optimization" (SIGGRAPH): color flows along tones.

Neighbors that are equally light get equal color. The paper's eq. 1 sums, over all pixels r, the square of
U(r) - Σ w(r, s) U(s), s being the neighbors of r, for U = a and U = b, with the hints held fast. Here the sum runs
over the pixels without a hint: its minimum, 0, is where each of them is the weighted mean of its neighbors,
which is one sparse linear system. Alone, it has no colors but the hints': the classical baseline.

Over a network's prediction, U is the correction towards the hints. A weak pull to 0 leaves distant objects unchanged,
and pixels of different predicted color are weaker neighbors than pixels of one color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.extras import need
from photochrom.guidance.hints import reduced
from photochrom.sampling import upsampling
from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Hints, Plane

SHARPNESS: Final = 8.0
"""Factor of the exponent in eq. 2. As printed, 1, the weight across a straight edge is 0.1 however high the edge is, as
the variance of its window grows with it: color leaks. With this it is below 1e-6."""

GRAIN: Final = 2.0
"""Added in squares to the standard deviation of each window's L*: smaller differences are no edge."""

COLOR: Final = 2.0
"""How far the predicted colors of two neighbors may differ (σ in ab units)."""

REACH: Final = 1.5
"""Over an even surface, a hint's correction falls by a factor e in so many short sides."""

CELLS: Final = 40
"""Largest short side of the map on which a prediction is corrected: a finer one takes much longer and is no better."""

SPREAD: Final = 3 / 8
"""Half the mean squared distance, along one axis, to the eight neighbors: converts a reach to a pull."""

FARTHEST: Final = 40.0
"""Limit of the exponents, so that no pixel is cut off from all its neighbors."""


def propagate(lightness: Plane, hints: Hints, start: Plane | None = None) -> Plane:
    """Lightness (h, w) 0…100 and hints of the same size -> ab that follows the hints.

    Without `start`: ab (h, w, 2) from the hints alone, gray without hints. With `start`, a network's ab (h' ≤ h, w' ≤
    w, 2): the corrected `start`, of its size.

    Raises:
        ExtraMissing: SciPy, which solves the system, is not installed.
    """
    if not hints.mask.any():
        return np.zeros((*lightness.shape, 2), np.float32) if start is None else start
    need("pool", "scipy")
    if start is None:
        return _flown(_weights(lightness), hints.mask > 0, hints.ab, 0.0)
    height, width = start.shape[:2]
    scale = min(1.0, CELLS / min(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    small, known = shrunk(start, rows, columns), reduced(hints, rows, columns)
    pull = SPREAD / (REACH * min(rows, columns)) ** 2
    missing = _flown(_weights(shrunk(lightness, rows, columns), small), known.mask > 0, known.ab - small, pull)
    if (rows, columns) == (height, width):
        return start + missing
    return start + upsampling.along_edges(missing, shrunk(lightness, height, width))


def _flown(weights: Any, held: NDArray[np.bool_], values: Plane, pull: float) -> Plane:
    """Values (h, w, 2): the held ones (h, w) unchanged, each other one the weighted mean of its neighbors and, with
    weight `pull`, of 0."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    held = held.ravel()
    flown = np.asarray(values, np.float64).reshape(-1, 2).copy()
    rows = weights[~held]
    system = (1 + pull) * sparse.eye_array(rows.shape[0]) - rows[:, ~held]
    # The pattern is symmetric and diagonally dominant: without pivoting, the factors stay sparse.
    factors = splu(system.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    flown[~held] = factors.solve(rows[:, held] @ flown[held])
    return flown.reshape(values.shape).astype(np.float32)


def _weights(lightness: Plane, ab: Plane | None = None) -> Any:
    """Eq. 2: w(r, s) falls with (Y(r) - Y(s))² over the variance around r, and with the difference in ab where it is
    given; those of a pixel sum to 1. Sparse (h·w, h·w); neighbors are the 3 × 3 window."""
    from scipy import sparse

    tone = lightness.ravel().astype(np.float64)
    pixel, neighbor = _windows(*lightness.shape)
    size = np.bincount(pixel)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(pixel, values[neighbor]) / size

    variance = mean(tone**2) - mean(tone) ** 2 + GRAIN**2
    other = pixel != neighbor
    pixel, neighbor = pixel[other], neighbor[other]
    away = SHARPNESS * (tone[pixel] - tone[neighbor]) ** 2 / variance[pixel]
    if ab is not None:
        color = ab.reshape(-1, 2).astype(np.float64)
        away += ((color[pixel] - color[neighbor]) ** 2).sum(-1) / COLOR**2
    alike = np.exp(-np.minimum(away / 2, FARTHEST))
    share = alike / np.bincount(pixel, alike)[pixel]
    return sparse.csr_array((share, (pixel, neighbor)), shape=(tone.size, tone.size))


def _windows(height: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs (pixel, pixel of its 3 × 3 window) of a picture, by number."""
    number = np.arange(height * width).reshape(height, width)
    padded = np.pad(number, 1, constant_values=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(-1, 9)
    inside = windows >= 0
    return np.repeat(number.ravel(), inside.sum(1)), windows[inside]
