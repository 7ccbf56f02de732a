"""The embedded segmenter: Felzenszwalb & Huttenlocher 2004, "Efficient Graph-Based Image Segmentation". Two areas are
one object unless the edge between them is strong against what varies inside them.

It won against SLIC superpixels with region adjacency merging and against a watershed on edges; figures are in NOTES.md
of `photochrom.harmonization`.

The paper takes the edges one by one, by rising weight. So it is here, but most are left out before: those inside a
component, and those of a component that refused one, as it refuses the rest, which are no weaker (lemma 1).
"""

from __future__ import annotations

import hashlib
import math
import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.cache import LRUCache
from photochrom.sampling.resize import shrunk, stretched
from photochrom.segmenters import check
from photochrom.values import Mask, Plane, Segments
from photochrom_client.prompt import Prompt

Numbers = NDArray[np.int32]

PROXY_SIDE: Final = 384

SCALE: Final = 200.0
"""k of the paper, section 3.1, for intensities 0…255 as there: the larger, the larger the segments."""

SMOOTHING: Final = 0.8
"""σ in pixels of the Gaussian that takes the grain off first; the paper's own value."""

LEAST_SHARE: Final = 0.002
"""Of the proxy's area: smaller segments go to a neighbor."""

BATCH: Final = 16384
"""So many edges at a time are looked up in numpy, which leaves out those that decide nothing any more."""

KEPT: Final = 4
"""Capacity of the cache of surveyed pictures, a few MB each."""

CLICKED_SIDE: Final = 256
"""Short side in pixels at which an object is looked for by clicks."""


class Embedded:
    """See `segmenters.Segmenter`. One instance may be used from several threads."""

    proxy_side = PROXY_SIDE

    def __init__(self) -> None:
        self._surveyed = LRUCache(KEPT)
        self._lock = threading.Lock()

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100 -> segments that do not overlap and leave nothing out."""
        least = round(LEAST_SHARE * lightness.size)
        return Segments.from_labels(felzenszwalb(smoothed(lightness, SMOOTHING) * 2.55, SCALE, least))

    def mask(self, lightness: Plane, prompt: Prompt) -> Mask:
        """Lightness (h, w) 0…100 and a prompt -> the object's mask (h, w): see `clicks`. The first prompt for a picture
        takes a second, the others a fraction of that."""
        from photochrom.segmenters import clicks

        check(prompt)
        height, width = lightness.shape
        scale = min(1.0, CLICKED_SIDE / min(height, width))
        small = shrunk(lightness, max(1, round(height * scale)), max(1, round(width * scale)))
        key = small.shape, hashlib.blake2b(np.ascontiguousarray(small).data).digest()
        with self._lock:
            picture = self._surveyed.get(key, lambda: clicks.survey(small))
        logits = clicks.belonging(picture, clicks.seeds(picture.graph, prompt), clicks.judges())
        mask = clicks.mask_of(picture.graph, logits, prompt.size)
        return np.asarray(stretched(mask.astype(np.float32), height, width) > 0.5)


def felzenszwalb(intensity: Plane, scale: float, least: int) -> Numbers:
    """Intensity (h, w), any range -> labels (h, w), 0…segments − 1: the paper's algorithm 1 on the grid of eight
    neighbors, then segments of fewer than `least` pixels joined to a neighbor across the weakest edge (section 6).

    `scale` is k, in units of intensity times pixels. Edges of equal weight are taken in the order of the grid.
    """
    ends, weights = _edges(np.asarray(intensity, np.float32))
    forest = _Forest(intensity.size, scale)
    _grow(forest, ends, weights, scale)
    _absorb_small(forest, ends, least)
    return forest.labels().reshape(intensity.shape)


def smoothed(plane: Plane, sigma: float) -> Plane:
    """A plane (h, w) under a Gaussian of σ pixels, mirrored at its borders."""
    reach = math.ceil(4 * sigma)
    kernel = np.array([math.exp(-((step / sigma) ** 2) / 2) for step in range(-reach, reach + 1)])
    kernel = (kernel / kernel.sum()).astype(np.float32)
    found = np.asarray(plane, np.float32)
    for axis in (0, 1):
        size = found.shape[axis]
        sides = [(reach, reach) if each == axis else (0, 0) for each in (0, 1)]
        padded = np.pad(found, sides, mode="symmetric")
        taps = (padded.take(range(start, start + size), axis) for start in range(2 * reach + 1))
        found = sum((weight * tap for weight, tap in zip(kernel, taps, strict=True)), np.zeros_like(found))
    return found


def _edges(intensity: Plane) -> tuple[Numbers, Plane]:
    """The grid's edges by rising weight: the numbers of their two pixels (2, n), and the difference between them."""
    number = np.arange(intensity.size, dtype=np.int32).reshape(intensity.shape)
    steps = (
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[:-1], np.s_[1:]),
        (np.s_[:-1, :-1], np.s_[1:, 1:]),
        (np.s_[1:, :-1], np.s_[:-1, 1:]),
    )
    ends = np.concatenate([np.stack([number[one].ravel(), number[other].ravel()]) for one, other in steps], axis=1)
    flat = intensity.ravel()
    weights = np.abs(flat[ends[0]] - flat[ends[1]])
    # The bits of floats above 0 rise with them; with the place behind them, sorting is fast and ties are in order.
    keys = weights.view(np.uint32).astype(np.uint64) << np.uint64(32) | np.arange(weights.size, dtype=np.uint64)
    order = (np.sort(keys) & np.uint64(0xFFFFFFFF)).astype(np.intp)
    return ends[:, order], weights[order]


class _Forest:
    """Pixels joined to components by union-find (Tarjan 1975). `parents` (pixels,): the way to each one's root. Where a
    root is, `sizes` (pixels,) has its component's pixels, and `bounds` (pixels,) the weight up to which it may be
    joined: Int(C) + k / |C|; −1 for ever once it has refused an edge."""

    def __init__(self, pixels: int, scale: float) -> None:
        self.parents = np.arange(pixels, dtype=np.int32)
        self.sizes = np.ones(pixels, np.int64)
        self.bounds = np.full(pixels, scale, np.float64)

    def roots(self, pixels: Numbers) -> Numbers:
        """Of pixels, any shape, the roots; the ways there are made short."""
        found = self.parents[pixels]
        while ((above := self.parents[found]) != found).any():
            found = above
        self.parents[pixels] = found
        return found

    def labels(self) -> Numbers:
        """(pixels,) the components numbered from 0 on without gaps, by their roots."""
        every = np.arange(self.parents.size, dtype=np.int32)
        return _numbered(self.roots(every), every.size)[1]


def _grow(forest: _Forest, ends: Numbers, weights: Plane, scale: float) -> None:
    """Algorithm 1, steps 1 to 3, over edges by rising weight: their pixels (2, n) and weights (n,)."""
    for start in range(0, weights.size, BATCH):
        roots = forest.roots(ends[:, start : start + BATCH])
        asked = (roots[0] != roots[1]) & (forest.bounds[roots] >= 0).all(0)
        touched, (one, other) = _numbered(roots[:, asked], forest.sizes.size)
        parents = list(range(touched.size))
        sizes, bounds = forest.sizes[touched].tolist(), forest.bounds[touched].tolist()
        asked_weights = weights[start : start + BATCH][asked]
        for left, right, weight in zip(one.tolist(), other.tolist(), asked_weights.tolist(), strict=True):
            a, b = left, right
            while (above := parents[a]) != a:
                parents[a] = a = parents[above]
            while (above := parents[b]) != b:
                parents[b] = b = parents[above]
            if a == b:
                continue
            if weight <= bounds[a] and weight <= bounds[b]:
                parents[b] = a
                sizes[a] = size = sizes[a] + sizes[b]
                bounds[a] = weight + scale / size
                continue
            if weight > bounds[a]:
                bounds[a] = -1.0
            if weight > bounds[b]:
                bounds[b] = -1.0
        forest.parents[touched] = touched[parents]
        forest.sizes[touched], forest.bounds[touched] = sizes, bounds


def _absorb_small(forest: _Forest, ends: Numbers, least: int) -> None:
    """Joins components of fewer than `least` pixels to a neighbor, over edges by rising weight (2, n)."""
    roots = forest.roots(np.arange(forest.sizes.size, dtype=np.int32))[ends]
    small = forest.sizes < least
    roots = roots[:, roots[0] != roots[1]]
    touched, (one, other) = _numbered(roots[:, small[roots[0]] | small[roots[1]]], small.size)
    parents, sizes = list(range(touched.size)), forest.sizes[touched].tolist()
    for left, right in zip(one.tolist(), other.tolist(), strict=True):
        a, b = left, right
        while (above := parents[a]) != a:
            parents[a] = a = parents[above]
        while (above := parents[b]) != b:
            parents[b] = b = parents[above]
        if a != b and (sizes[a] < least or sizes[b] < least):
            parents[b] = a
            sizes[a] += sizes[b]
    forest.parents[touched] = touched[parents]
    forest.sizes[touched] = sizes


def _numbered(places: Numbers, pixels: int) -> tuple[Numbers, Numbers]:
    """Places, any shape, in 0…pixels − 1 -> those that occur, by rising number, and for each place its index there."""
    occurs = np.zeros(pixels, bool)
    occurs[places] = True
    found = np.flatnonzero(occurs).astype(np.int32)
    index = np.empty(pixels, np.int32)
    index[found] = np.arange(found.size, dtype=np.int32)
    return found, index[places]
