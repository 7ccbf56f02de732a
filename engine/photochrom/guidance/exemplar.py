"""Exemplar-based hints: regions that look like some of the reference's get hints of its colors.

Each cell of the picture is compared with all cells of the reference by the cosine of their features, centered at the
mean of both pictures, since what they share tells nothing. Its color is the mean of the reference's colors weighted by
similarity, as in He et al. 2018, "Deep Exemplar-based Colorization", section 3.2. Where the best cosine is high, the
color becomes a hint; other regions keep the network's own color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.guidance.features import CELL, Features, features
from photochrom.guidance.reference import SIDE
from photochrom.sampling.proxy import reduce
from photochrom.values import Hints, Plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photochrom.guidance.reference import Reference

ALIKE: Final = 0.5
"""Minimum cosine of a hint."""

RELATED: Final = 0.2
"""If less than this share of the cells has a match, the reference shows another scene …"""

STRICT: Final = 0.6
"""… and a hint needs at least this cosine."""

SOFTNESS: Final = 0.05
"""Temperature of the weights: a cosine lower by this weighs e times less."""

DAB: Final = 4
"""Side in pixels of a hint, in the middle of its cell: the network was trained with dabs of up to 9 pixels."""


def hints_like(lightness: Plane, reference: Reference) -> Hints:
    """Lightness (h, w) 0…100 of any size -> hints of its size; an empty mask if nothing matches.

    Raises:
        ModelMissing, ModelDamaged: as `guidance.features.features`.
    """
    import pyvips

    height, width = lightness.shape
    small = reduce(pyvips.Image.new_from_array(np.ascontiguousarray(lightness, np.float32)), SIDE)
    ab, cosine = matched_colors(features(small), reference)
    least = ALIKE if (cosine >= ALIKE).mean() >= RELATED else STRICT
    alike = cosine >= least
    rows, row_in = _places(height, small.shape[0])
    columns, column_in = _places(width, small.shape[1])
    hinted = alike[np.ix_(rows, columns)] & row_in[:, None] & column_in
    return Hints(np.where(hinted[..., None], ab[np.ix_(rows, columns)], np.float32(0)), hinted.astype(np.float32))


def matched_colors(seen: Features, reference: Reference) -> tuple[Plane, Plane]:
    """The features of a picture's cells (h, w, …) -> the reference's color for each (h, w, 2), and the cosine -1…1 of
    the best match (h, w)."""
    height, width = seen.fine.shape[:2]
    similar = cosines(seen, reference.features)
    best = similar.max(1)
    weights = np.exp((similar - best[:, None]) / SOFTNESS)
    colors = weights @ _cells(reference.ab) / weights.sum(1, keepdims=True)
    return colors.reshape(height, width, 2).astype(np.float32), best.reshape(height, width)


def cosines(seen: Features, known: Features) -> Plane:
    """The features of two pictures' cells, (h, w, …) and (h′, w′, …) -> (h · w, h′ · w′) -1…1: how similar each cell of
    the first is to each of the second."""
    fine, fine_known = _compared(seen.fine, known.fine)
    coarse, coarse_known = _compared(seen.coarse, known.coarse)
    return np.asarray((fine @ fine_known.T + coarse @ coarse_known.T) / 2)


def _compared(seen: Plane, known: Plane) -> tuple[Plane, Plane]:
    """Features (h, w, channels) of two pictures -> (cells, channels) each, centered at their common mean,
    normalized."""
    both = [each.reshape(-1, each.shape[-1]) for each in (seen, known)]
    mean = np.concatenate(both).mean(0)
    away = [each - mean for each in both]
    first, second = (each / np.maximum(np.linalg.norm(each, axis=-1, keepdims=True), 1e-6) for each in away)
    return first, second


def _cells(ab: Plane) -> Plane:
    """ab (h, w, 2) -> (cells, 2): the mean of each cell."""
    height, width = ab.shape[:2]
    whole = np.pad(ab, ((0, -height % CELL), (0, -width % CELL), (0, 0)), mode="edge")
    rows, columns = whole.shape[0] // CELL, whole.shape[1] // CELL
    return np.asarray(whole.reshape(rows, CELL, columns, CELL, 2).mean((1, 3)).reshape(-1, 2))


def _places(side: int, small: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each of a side's pixels: its cell on the reduced side, and whether it lies in the middle of that."""
    at = (np.arange(side) + 0.5) * small / side
    cell = (at // CELL).astype(np.intp)
    return cell, np.abs(at - (cell + 0.5) * CELL) <= DAB / 2
