"""The object at clicks: which regions of a picture (`region_graph`) belong to what was clicked on, and not to what was
clicked away.

Two small networks judge every region. The first knows how far the region is from the clicks: in tone, color and the
colorizer's features; along the picture; and along the graph, where each border costs as much as it looks like one of an
object (a third network), so that a way out of an object is long (the geodesic distance of Bai & Sapiro 2007,
"A Geodesic Framework for Fast Interactive Image Segmentation"). The second also knows what the first one found: the
object's and the ground's mean looks, as GrabCut does (Rother et al. 2004), and the neighbors' membership, spread along
weak borders as by a random walk (Grady 2006). Their weights (`models/regions`) were learned by simulated clicks, see
`photochrom.training.clicks`. They see distances only, never a channel by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from photochrom import models
from photochrom.segmenters.region_graph import Floats, Numbers, RegionGraph, region_graph
from photochrom.segmenters.trunk import trunk
from photochrom.values import Mask, Plane
from photochrom_client.prompt import Prompt

NAME, WEIGHTS = "regions", "regions.npz"
"""Of the model that ships, and its file."""

FAR, NOWHERE = 6.0, 3.0
"""Distances from the object's clicks are at most the first, those from the others the second, which also stands for no
click at all."""

CERTAIN: Final = 6.0
"""The logit of a region that was clicked, and the limit of all others in the second network."""

SPREADS: Final = (0.5, 1.5)
"""How much less membership spreads over a strong border than over a weak one: exponents of its odds."""

STEPS: Final = (1, 4, 32)
"""After so many steps the spread membership is looked at."""

OUTSIDE: Final = 0.75
"""A region is off the object if more of it is outside of the box."""

GROWTH: Final = 4.0
"""By how much the logits rise from an object of middle size to the largest that a prompt can mean."""


@dataclass(frozen=True)
class Perceptron:
    """A network of fully connected layers with rectifiers between them: (inputs, outputs) and (outputs,) of each."""

    layers: list[tuple[Floats, Floats]]

    def __call__(self, inputs: Floats) -> Floats:
        """(n, inputs) -> (n,)."""
        found = inputs
        for number, (weights, offsets) in enumerate(self.layers):
            found = found @ weights + offsets
            if number < len(self.layers) - 1:
                found = np.maximum(found, 0)
        return np.asarray(found[:, 0])


@dataclass(frozen=True)
class Judges:
    """The three networks. Without the second, the first one's answer is final."""

    border: Perceptron
    first: Perceptron
    second: Perceptron | None


@lru_cache(1)
def judges() -> Judges:
    """The learned ones.

    Raises:
        ModelDamaged: their file differs from its card.
    """
    path = models.read_card(models.shipped_folder() / NAME / "card.json").file(WEIGHTS)
    with np.load(path, allow_pickle=False) as stored:
        names = ("border", "first", "second")
        return Judges(*(Perceptron(_layers(stored, name)) for name in names))


def _layers(stored: Any, name: str) -> list[tuple[Floats, Floats]]:
    count = sum(each.startswith(f"{name}.weights") for each in stored)
    return [(stored[f"{name}.weights{number}"], stored[f"{name}.offsets{number}"]) for number in range(count)]


@dataclass(frozen=True)
class Surveyed:
    """A graph with what its borders cost: `walls` (2e,), the price of a way across; `paces` (2e,), its length in units
    of the diagonal; `mixing` (2e,) for each of `SPREADS`, by whose shares the neighbors' memberships are averaged."""

    graph: RegionGraph
    walls: Floats
    paces: Floats
    mixing: list[Floats]


def surveyed(graph: RegionGraph, border: Perceptron) -> Surveyed:
    """Judges the borders, once for a picture."""
    if not graph.starts.size:
        return Surveyed(graph, graph.lengths, graph.lengths, [graph.lengths] * len(SPREADS))
    odds = np.clip(border(graph.looks), -9, 9)
    walls = np.logaddexp(0, odds) + 0.01
    paces = np.linalg.norm(graph.centers[graph.starts] - graph.centers[graph.ends], axis=1) + 1e-3
    mixing = []
    for spread in SPREADS:
        weights = graph.lengths * np.exp(-spread * odds)
        mixing.append(weights / np.add.reduceat(weights, graph.first)[graph.ends])
    return Surveyed(graph, walls, paces, mixing)


def survey(lightness: Plane) -> Surveyed:
    """Lightness (h, w) 0…100 -> what all prompts for it have in common.

    Raises:
        ModelDamaged: the embedded network's files differ from its card.
    """
    return surveyed(region_graph(lightness, trunk()), judges().border)


@dataclass(frozen=True)
class Seeds:
    """Regions on the object and off it by clicks, and those outside of the box, if there is one."""

    on: Numbers
    off: Numbers
    outside: Numbers
    boxed: bool


def seeds(graph: RegionGraph, prompt: Prompt) -> Seeds:
    """The regions that a prompt points at; the later of two clicks into one region counts."""
    height, width = graph.labels.shape
    last: dict[int, bool] = {}
    for x, y, away in prompt.clicks:
        last[int(graph.labels[min(int(y * height), height - 1), min(int(x * width), width - 1)])] = away
    on = [region for region, away in last.items() if not away]
    off = [region for region, away in last.items() if away]
    outside = np.zeros(0, np.intp)
    if prompt.box is not None:
        left, top, right, bottom = prompt.box
        rows, columns = np.arange(height) + 0.5, np.arange(width) + 0.5
        inside = ((rows >= top * height) & (rows <= bottom * height))[:, None]
        inside = inside & (columns >= left * width) & (columns <= right * width)
        shares = np.bincount(graph.labels.ravel(), inside.ravel(), graph.count) / np.bincount(graph.labels.ravel())
        outside = np.setdiff1d(np.flatnonzero(shares < 1 - OUTSIDE), on)
    return Seeds(np.array(on, np.intp), np.array(off, np.intp), outside, prompt.box is not None)


def belonging(picture: Surveyed, given: Seeds, judges: Judges) -> Floats:
    """How surely each region belongs to the object: (n,) logits, those of the given regions beyond all doubt."""
    inputs = sights(picture, given)
    logits = settled(judges.first(inputs), given)
    if judges.second is not None:
        logits = settled(judges.second(second_sights(picture, inputs, logits)), given)
    logits[given.on], logits[given.off], logits[given.outside] = 99, -99, -99
    return logits


def settled(logits: Floats, given: Seeds) -> Floats:
    """Logits within ±`CERTAIN`, which those of the given regions are."""
    found = np.clip(logits, -CERTAIN, CERTAIN)
    found[given.on], found[given.off], found[given.outside] = CERTAIN, -CERTAIN, -CERTAIN
    return found


def mask_of(graph: RegionGraph, logits: Floats, size: float) -> Mask:
    """The object's mask (h, w) at a size, -1…1: a larger one has all of a smaller one."""
    return np.asarray((logits > -GROWTH * size)[graph.labels])


def sights(picture: Surveyed, given: Seeds) -> Floats:
    """The first network's inputs (n, features)."""
    graph = picture.graph
    off = np.concatenate([given.off, given.outside])
    near, far = distances(picture, given.on), distances(picture, off)
    near = np.full_like(near, NOWHERE) if not given.on.size else np.minimum(near, FAR)
    far = np.full_like(far, NOWHERE) if not off.size else np.minimum(far, NOWHERE)
    told = np.zeros((graph.count, 8), np.float32)
    if given.on.size:
        walls, bottleneck = len(graph.features), len(graph.features) + 2
        told[:, 0], told[:, 1] = (_reached(near[:, each], graph.areas) for each in (walls, bottleneck))
    told[given.on, 2] = 1
    told[off, 3] = 1
    told[:, 4:] = given.on.size / 3, given.off.size / 3, bool(off.size), given.boxed
    apart = near - far if given.on.size and off.size else np.zeros_like(near)
    return np.concatenate([near, far, apart, told, graph.statics], 1).astype(np.float32)


def second_sights(picture: Surveyed, inputs: Floats, logits: Floats) -> Floats:
    """The second network's inputs (n, features), from the first one's and its answer."""
    graph = picture.graph
    member = 1 / (1 + np.exp(-logits))
    columns: list[Floats] = [logits, member]
    for mixing in picture.mixing:
        spread = member
        for step in range(1, STEPS[-1] + 1):
            if graph.starts.size:
                around = np.add.reduceat(mixing * spread[graph.starts], graph.first)
                spread = 0.1 * member + 0.9 * around
            if step in STEPS:
                columns.append(spread)
    inside, outside = graph.areas * member**2, graph.areas * (1 - member) ** 2
    inside, outside = inside / (inside.sum() + 1e-9), outside / (outside.sum() + 1e-9)
    for each in graph.features:
        one, other = ((((each - weights @ each) ** 2).sum(1)) for weights in (inside, outside))
        columns += [0.3 * one / (inside @ one + 1e-3), one - other]
    reach = np.linalg.norm(graph.centers - inside @ graph.centers, axis=1)
    columns.append(reach / (np.sqrt(inside @ reach**2) + 0.02))
    columns.append(np.full(graph.count, np.log(graph.areas @ member + 1e-4)))
    return np.concatenate([inputs, np.clip(np.stack(columns, -1), -15, 15)], 1).astype(np.float32)


def distances(picture: Surveyed, given: Numbers) -> Floats:
    """Of each region to the nearest of the given ones (n, distances): in each feature; across walls, along the graph,
    and by the highest wall of the way; straight."""
    graph = picture.graph
    if not given.size:
        return np.zeros((graph.count, len(graph.features) + 4))
    columns: list[Floats] = [_nearest(each, each[given]) for each in graph.features]
    columns.append(_ways(graph, picture.walls, given))
    columns.append(4 * _ways(graph, picture.paces, given))
    columns.append(_ways(graph, picture.walls, given, highest=True))
    columns.append(4 * _nearest(graph.centers, graph.centers[given]))
    return np.minimum(np.stack(columns, -1), 20)


def _nearest(points: Floats, others: Floats) -> Floats:
    squares = (points**2).sum(1)[:, None] + (others**2).sum(1) - 2 * points @ others.T
    return np.asarray(np.sqrt(np.maximum(squares.min(1), 0)))


def _ways(graph: RegionGraph, costs: Floats, given: Numbers, highest: bool = False) -> Floats:
    """The cost of the cheapest way from the given regions to each (Bellman & Ford): the sum of its edges, or the
    highest of them."""
    found = np.full(graph.count, np.inf)
    found[given] = 0
    while graph.starts.size:
        before = found[graph.starts]
        way = np.maximum(before, costs) if highest else before + costs
        shorter = np.minimum(found, np.minimum.reduceat(way, graph.first))
        if np.array_equal(shorter, found):
            break
        found = shorter
    return found


def _reached(distances: Floats, areas: Floats) -> Floats:
    """Of each region, the logarithm of the area that is as near to the object's clicks as it is."""
    order = np.argsort(distances, kind="stable")
    sums, ordered = np.cumsum(areas[order]), distances[order]
    found = np.empty_like(sums)
    found[order] = sums[np.searchsorted(ordered, ordered, side="right") - 1]
    return np.asarray(np.log(found) + 3)
