"""Which cells of two frames show the same thing.

Cells are compared as for a reference picture (`guidance.exemplar`): by the cosine of their features, centered at the
mean of both frames. A cell has a match if its best partner's own best partner is the cell again, or one beside it: what
is repeated or occurs in one frame alone has none. Its color is compared with the mean of the best few, weighted by
similarity, since a cell of one frame lies between cells of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.guidance.exemplar import ALIKE, SOFTNESS, cosines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photochrom.album.looks import Look
    from photochrom.values import Plane

BEST: Final = 4
"""How many partners a cell has."""

BACK: Final = 1.5
"""How many cells away from where it began the way there and back may end."""

RELATED: Final = 0.05
"""If the cells of two frames, those without a match counted as 0, are less alike than this on average, the frames show
different things. Measured: at most 0.051 between 120 pairs of unrelated photographs, and at least 0.11 between frames
that have two fifths in common."""


@dataclass(frozen=True)
class Matches:
    """Cells (n,) of one frame, by number in reading order; each one's partners in the other (n, BEST) with their
    shares (n, BEST), sum 1; and how alike they are (n,), 0…1."""

    cells: NDArray[np.intp]
    partners: NDArray[np.intp]
    shares: Plane
    alike: Plane


def match(one: Look, other: Look) -> tuple[Matches, Matches] | None:
    """The matches of the first frame in the second, and the other way; None if they show different things."""
    similar = cosines(one.features, other.features)
    there, back = similar.argmax(1), similar.argmax(0)
    pair = (
        _kept(similar, _returns(there, back, one.shape[1])),
        _kept(similar.T, _returns(back, there, other.shape[1])),
    )
    alike = sum(float(each.alike.sum()) for each in pair)
    return pair if alike >= RELATED * (one.cells + other.cells) else None


def _returns(there: NDArray[np.intp], back: NDArray[np.intp], columns: int) -> NDArray[np.bool_]:
    """For each cell, whether the way there and back ends where it began."""
    rows, places = np.divmod(np.arange(there.size), columns)
    rows_then, places_then = np.divmod(back[there], columns)
    return np.asarray(np.hypot(rows - rows_then, places - places_then) <= BACK)


def _kept(similar: Plane, returning: NDArray[np.bool_]) -> Matches:
    """The matches of the cells of the first axis."""
    cells = np.flatnonzero(returning & (similar.max(1) >= ALIKE))
    rows = similar[cells]
    count = min(BEST, rows.shape[1])
    partners = np.argsort(-rows, 1, kind="stable")[:, :count].copy()  # not a view: it would keep all the rest
    found = np.take_along_axis(rows, partners, 1)
    shares = np.exp((found - found[:, :1]) / SOFTNESS)
    shares /= shares.sum(1, keepdims=True)
    return Matches(cells, partners, shares.astype(np.float32), (found[:, 0] - ALIKE) / (1 - ALIKE))
