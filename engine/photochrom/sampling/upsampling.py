"""Color from proxy size to full size, guided by lightness: color follows the edges that tone has.

After the fast guided filter (He & Sun 2015, arXiv 1505.00996; guided filter: He, Sun & Tang 2010, eqs. 5 and 6): in
every window, ab is taken as a straight line over lightness, ab = A·L + B. The slope A is found on the grid of the ab
map itself: a cell that an edge cuts has mixed color and, in the same parts, mixed lightness, so it lies on the line
of its two neighbors, and the line gives each side of the edge its own color back. Unlike there, B is not a mean
over windows but what each cell needs to keep its own color, so nothing of the map's detail is smoothed away. A and
B are brought to full size and applied to the full lightness: the full-size stage is pointwise and streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.sampling.resize import as_image, shrunk, stretch, stretched
from photochrom.scratch import Scratch
from photochrom.values import Plane

if TYPE_CHECKING:
    import pyvips

RADIUS: Final = 1
"""Half the window's side, in cells of the ab map."""

EDGE: Final = 6.0
"""Differences of L* well below this are grain and keep one color; those well above are edges and separate colors."""


@dataclass(frozen=True)
class Coefficients:
    """The lines of all cells: `planes` (h, w, 4) float32 hold A for a, A for b, B for a, B for b."""

    planes: Plane


def fit(guide: Plane, ab: Plane) -> Coefficients:
    """Guide lightness (H, W) 0…100 and ab (h, w, 2) of the same picture, h ≤ H and w ≤ W -> coefficients (h, w)."""
    lightness = shrunk(guide, *ab.shape[:2])[..., None]
    average, average_color = _mean(lightness), _mean(ab)
    variance = _mean(lightness * lightness) - average * average
    covariance = _mean(ab * lightness) - average_color * average
    slope = _mean(covariance / (variance + EDGE**2))
    return Coefficients(np.concatenate([slope, ab - slope * lightness], -1, dtype=np.float32))


def _mean(planes: NDArray[Any]) -> Plane:
    """The means over all windows of (h, w, n); borders are repeated."""
    height, width, _ = planes.shape
    wide = np.pad(planes, ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)), "edge")
    shifts = range(2 * RADIUS + 1)
    rows = reduce(np.add, [wide[shift : shift + height] for shift in shifts])
    sums = reduce(np.add, [rows[:, shift : shift + width] for shift in shifts])
    return np.asarray(sums / len(shifts) ** 2, np.float32)


def apply(coefficients: Coefficients, lightness: pyvips.Image) -> pyvips.Image:
    """The ab (2 bands float) of a full-size lightness (1 band float, 0…100). Lazy and pointwise: it streams."""
    planes = stretch(as_image(coefficients.planes), lightness.height, lightness.width)
    return planes.extract_band(0, n=2) * lightness + planes.extract_band(2, n=2)


class FullSize:
    """The ab of a whole picture of height × width pixels: as an image (`apply`), or a few rows at a time in numpy,
    which takes a third of the time."""

    def __init__(self, coefficients: Coefficients, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._coefficients, self._scratch = coefficients, Scratch()
        self._stretching = Lock()
        self._lines: Plane | None = None
        cells = coefficients.planes.shape[0]
        place = np.clip((np.arange(height) + 0.5) * cells / height - 0.5, 0, cells - 1)
        self._cells = np.minimum(place.astype(np.intp), max(0, cells - 2))
        self._shares = (place - self._cells).astype(np.float32)

    def image(self, lightness: pyvips.Image) -> pyvips.Image:
        """See `apply`."""
        return apply(self._coefficients, lightness)

    def rows(self, lightness: Plane, top: int) -> tuple[Plane, Plane]:
        """Lightness (rows, width) 0…100 of the rows from `top` on -> their a and b, each of the same shape: in memory
        that this thread's next call overwrites."""
        lines, table = self._scratch.array(lightness.shape[0], 4, self.width), self._table()
        held, step = -1, table[0]
        for row, line in enumerate(lines, top):
            cell = self._cells[row]
            if cell != held:
                held, step = cell, table[min(cell + 1, len(table) - 1)] - table[cell]
            np.multiply(step, self._shares[row], out=line)
            np.add(line, table[cell], out=line)
        ab = lines[:, :2]
        ab *= lightness[:, None]
        ab += lines[:, 2:]
        return ab[:, 0], ab[:, 1]

    def _table(self) -> Plane:
        """Each row of cells stretched to the picture's width: (cells, 4, width)."""
        with self._stretching:  # the first block of each thread needs it at the same moment
            if self._lines is None:
                self._lines = self._stretched()
            return self._lines

    def _stretched(self) -> Plane:
        planes = np.moveaxis(self._coefficients.planes, -1, 0)
        cells = planes.shape[1]
        lines = np.empty((cells, 4, self.width), np.float32)
        for number, plane in enumerate(planes):  # one by one: together they would be in memory twice
            lines[:, number] = stretched(plane, cells, self.width)
        return lines


def along_edges(planes: Plane, lightness: Plane) -> Plane:
    """`fit` and `apply` for arrays: (h, w, n) -> (H, W, n), the size of the lightness (H, W) 0…100, h ≤ H and w ≤ W."""
    lines = stretched(fit(lightness, planes).planes, *lightness.shape)
    slope, offset = np.split(lines, 2, -1)
    return np.asarray(slope * lightness[..., None] + offset, np.float32)
