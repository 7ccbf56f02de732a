"""Which parts of a picture belong to the hinted objects: a hint is about an object, not about the whole picture.

The picture's segments form a graph: the distance of two neighbors grows with the differences in lightness and unhinted
color, and with the edge between them. Segments near a hinted one in this graph belong to the same object (a wall behind
a post, a sleeve beyond a strap); those that are reached only over an edge belong to another.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.sampling.resize import shrunk
from photochrom_client.protocol import REACH

if TYPE_CHECKING:
    from photochrom.values import Hints, Plane, Segments

LIGHTNESS: Final = 6.0
"""Difference of two segments' mean L* (σ)."""

COLOR: Final = 5.0
"""Difference of their mean color, in ab units (σ)."""

EDGE: Final = 6.0
"""Mean step of L* across their border (σ)."""

HINTED: Final = 0.35
"""A dab hints the segment with most of its pixels, and those with at least this share of that number: dabs overlap the
borders of their object a little."""


BEYOND: Final = 7.0
"""About how many ab units a color outside the hinted objects may change at the default reach: hints tell something
about the light and about similar objects, but not that everything has their color."""


def follow(plain: Plane, told: Plane, membership: Plane, reach: float = REACH.default) -> Plane:
    """The prediction without hints and with them, ab (h, w, 2) both, and the hinted objects (h, w) 0…1 -> ab (h, w, 2):
    with hints inside the objects, and outside them as far as `reach` allows, 0 not at all … 1 fully."""
    change = told - plain
    if reach >= 1:
        return told
    bound = BEYOND * reach / (1 - reach)
    size = np.linalg.norm(change, axis=-1, keepdims=True)
    outside = change * bound / np.maximum(np.hypot(size, bound), 1e-6)
    inside = membership[..., None]
    return np.asarray(plain + inside * change + (1 - inside) * outside, np.float32)


def membership(segments: Segments, lightness: Plane, ab: Plane, hints: Hints) -> Plane:
    """Segments and lightness (H, W) 0…100, unhinted ab (h, w, 2) and hints of any size, all of one picture -> (h, w)
    0…1: how much each cell of ab belongs to a hinted object."""
    labels = segments.innermost
    area = np.maximum(np.bincount(labels.ravel(), minlength=segments.count + 1), 1)

    def mean(plane: Plane) -> NDArray[np.float64]:
        return np.bincount(labels.ravel(), plane.ravel(), segments.count + 1) / area

    rows, columns = _sampled(ab.shape[:2], labels.shape)
    looks = np.stack(
        [
            mean(lightness) / LIGHTNESS,
            *(mean(ab[..., channel][rows[:, None], columns]) / COLOR for channel in (0, 1)),
        ],
        -1,
    )
    far = _distances(_neighbors(labels, lightness, looks), _hinted(segments, hints), segments.count + 1)
    held = shrunk(np.exp(-(far**2) / 2).astype(np.float32)[labels], *ab.shape[:2])
    # Paint always counts where it is.
    return np.maximum(held, shrunk(hints.mask, *ab.shape[:2]))


def _hinted(segments: Segments, hints: Hints) -> list[int]:
    """The numbers of the segments under the dabs (connected hinted pixels)."""
    import pyvips

    labels = segments.innermost
    rows, columns = _sampled(labels.shape, hints.mask.shape)
    painted = hints.mask > 0
    parts = pyvips.Image.new_from_array(painted.astype(np.uint8)).labelregions().numpy().reshape(painted.shape)
    dabs, which = np.unique(parts[painted], return_inverse=True)
    held = np.zeros((dabs.size, segments.count + 1), np.int64)
    np.add.at(held, (which, labels[rows[:, None], columns][painted]), 1)
    found = (held > 0) & (held >= HINTED * held.max(1, keepdims=True, initial=0))
    return [int(segment) for segment in np.flatnonzero(found.any(0)) if segment]


def _sampled(shape: tuple[int, ...], wanted: tuple[int, ...]) -> list[NDArray[np.int64]]:
    """The rows and columns of a map of the first shape under those of the second."""
    return [np.arange(new) * old // new for old, new in zip(shape, wanted, strict=False)]


def _neighbors(
    labels: NDArray[np.int32], lightness: Plane, looks: NDArray[np.float64]
) -> dict[int, list[tuple[int, float]]]:
    """Each segment's neighbors and their distances."""
    firsts, seconds, steps = [], [], []
    for one, other in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        border = labels[one] != labels[other]
        firsts.append(labels[one][border])
        seconds.append(labels[other][border])
        steps.append(np.abs(lightness[one][border] - lightness[other][border]))
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    count = len(looks)
    pairs, which = np.unique(np.minimum(first, second) * count + np.maximum(first, second), return_inverse=True)
    step = np.bincount(which, np.concatenate(steps)) / np.bincount(which) if pairs.size else np.zeros(0)
    near: dict[int, list[tuple[int, float]]] = {}
    for one, other, edge in zip((pairs // count).tolist(), (pairs % count).tolist(), step.tolist(), strict=True):
        far = float(np.hypot(np.linalg.norm(looks[one] - looks[other]), edge / EDGE))
        near.setdefault(one, []).append((other, far))
        near.setdefault(other, []).append((one, far))
    return near


def _distances(near: dict[int, list[tuple[int, float]]], starts: list[int], count: int) -> NDArray[np.float64]:
    """(count,) the distance of each segment from the nearest start (Dijkstra 1959); infinite without a path."""
    far = np.full(count, np.inf)
    far[starts] = 0
    todo = [(0.0, start) for start in starts]
    while todo:
        way, one = heapq.heappop(todo)
        if way > far[one]:
            continue
        for other, more in near.get(one, ()):
            if way + more < far[other]:
                far[other] = way + more
                heapq.heappush(todo, (way + more, other))
    return far
