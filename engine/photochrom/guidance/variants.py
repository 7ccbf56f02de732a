"""Variants: other plausible colors for the same photograph, object by object.

A distribution over colors has several answers for a car and one for a lawn. Segments whose distributions agree form a
group; its alternatives to the predicted color are the modes of its mean distribution, found greedily. (Zhang et al.
2017, "Real-Time User-Guided Image Colorization", suggest colors for a single pixel from clusters of its distribution.)
A variant gives one or two groups another mode and keeps the rest. Within a group, each cell gets the expectation of its
own distribution near that mode, so that color shading remains, and a cell whose distribution excludes the mode keeps
its color.

Variants are chosen one by one from all plausible candidates: always the one farthest from the main answer and from all
chosen before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.guidance.color_names import color_name
from photochrom.sampling import upsampling
from photochrom.sampling.resize import shrunk

if TYPE_CHECKING:
    from photochrom.values import Distribution, Plane, Prediction, Segments

REDUCED: Final = 4
"""Factor by which variants are smaller than the segments, unless the prediction is larger."""

ALIKE: Final = 0.93
"""Segments whose distributions have a Bhattacharyya coefficient (0…1) above this are one group."""

LEAST_AREA: Final = 0.015
"""Minimum share of the picture, weighted by visibility (`_visible`): smaller groups keep their color."""

MOST_GROUPS: Final = 8
MOST_MODES: Final = 3

WINDOW: Final = 16.0
"""Radius of a mode around its color, in ab units."""

APART: Final = 26.0
"""Minimum distance, in ab units, between the modes of a group and from its predicted color."""

LEAST_PROBABILITY: Final = 0.04
"""A mode with less than this share of its group's probability is noise."""

NEAR: Final = 11.0
"""σ in ab units of the weights by which a cell's distribution is narrowed to a mode."""

POSSIBLE: Final = 0.3
"""A cell changes fully if the mode has at least this share of its mean probability in the group, and else in
proportion."""

PLAUSIBILITY: Final = 0.5
"""Weight of a candidate's probability against its distance, as an exponent: 0 bold … 1 cautious."""

LEAST_DISTANCE: Final = 1.2
"""Mean distance over the picture, in ab units, below which two answers look the same."""


@dataclass(frozen=True)
class Variant:
    """A variant's ab (h, w, 2), and how it differs from the main answer: “red, left”, or “red, left; blue, right”."""

    ab: Plane
    title: str


@dataclass(frozen=True, eq=False)
class _Mode:
    """An alternative color of a group, its name, and its probability relative to the predicted color, 0…1."""

    group: int
    color: Plane
    name: str
    plausible: float


def variants(
    lightness: Plane, prediction: Prediction, segments: Segments, count: int, held: Plane | None = None
) -> list[Variant]:
    """At most `count` variants that clearly differ from the prediction and from one another, the most different and
    plausible first; fewer if the picture has fewer, none if the prediction has no distribution.

    Lightness (h, w) 0…100 and segments of the same size; the prediction at any size. `held` (h, w): above 0 where a
    hint was painted; what it is on keeps its color in every variant. Their ab
    has a quarter of the segments' size, or the prediction's size if that is larger. Deterministic.
    """
    distribution = prediction.distribution
    if distribution is None or segments.count == 0:
        return []
    inside = segments.innermost
    rows, columns = distribution.probabilities.shape[:2]
    share = _shares(inside, segments.count, rows, columns)
    visible = _visible(shrunk(lightness, rows, columns)).ravel()
    groups = _groups(share * visible[:, None], distribution)
    if not groups:
        return []
    members = np.stack([share[:, group].sum(1) for group in groups], -1)
    weights = members * visible[:, None]
    main = shrunk(prediction.ab, rows, columns).reshape(-1, 2)
    predicted = weights.T @ main / weights.sum(0)[:, None]
    group_of = np.full(segments.count + 1, -1)
    for number, group in enumerate(groups):
        group_of[np.array(group) + 1] = number
    masks = [group_of[inside] == number for number in range(len(groups))]
    tones = [float(lightness[mask].mean()) for mask in masks]
    places = [place(mask) for mask in masks]
    modes = _modes(weights, predicted, tones, distribution)
    if held is not None:
        modes = [mode for mode in modes if not (held[masks[mode.group]] > 0).any()]
    chosen = _choose(modes, weights.sum(0) / visible.sum(), predicted, places, count)
    if not chosen:
        return []
    used = [mode for mode in modes if any(mode in candidate for candidate in chosen)]
    painter = _Painter(lightness, prediction, members, used)
    return [Variant(painter.paint(each), _title(each, places)) for each in chosen]


def _shares(inside: NDArray[np.int32], count: int, rows: int, columns: int) -> Plane:
    """(H, W) segment numbers -> (rows · columns, count): the share of each segment 1…count in each cell."""
    height, width = inside.shape
    down = np.arange(height) * rows // height
    across = np.arange(width) * columns // width
    cell = down[:, None] * columns + across
    cells = rows * columns
    found = np.bincount((cell * (count + 1) + inside).ravel(), minlength=cells * (count + 1))
    pixels = np.bincount(cell.ravel(), minlength=cells)
    shares = found.reshape(cells, count + 1)[:, 1:] / np.maximum(pixels, 1)[:, None]
    return np.asarray(shares, np.float32)


def _visible(lightness: Plane) -> Plane:
    """How visible color is at a lightness 0…100: 1 at 50, 0 in black and white."""
    return np.asarray(lightness * (100 - lightness) / 2500 + 1e-3, np.float32)


def _groups(weights: Plane, distribution: Distribution) -> list[list[int]]:
    """Weight (cells, segments) of each segment in each cell -> the segments (from 0) of each group, large groups first.

    The largest segment without a group collects the others with a similar mean distribution.
    """
    cells = weights.shape[0]
    mass = weights.sum(0)
    mean = weights.T @ distribution.probabilities.reshape(cells, -1) / np.maximum(mass, 1e-6)[:, None]
    root = np.sqrt(mean)
    free = list(np.argsort(-mass, kind="stable"))
    groups = []
    while free:
        alike = root[free] @ root[free[0]] > ALIKE
        alike[0] = True
        groups.append([int(segment) for segment, like in zip(free, alike, strict=True) if like])
        free = [segment for segment, like in zip(free, alike, strict=True) if not like]
    areas = [mass[group].sum() / mass.sum() for group in groups]
    large = sorted((number for number in range(len(groups)) if areas[number] >= LEAST_AREA), key=lambda n: -areas[n])
    return [groups[number] for number in large[:MOST_GROUPS]]


def _modes(weights: Plane, predicted: Plane, tones: Sequence[float], distribution: Distribution) -> list[_Mode]:
    """Weight (cells, groups), predicted colors (groups, 2), mean lightness 0…100 of each group -> every group's modes
    besides its predicted color. Each has a name of its own, so that users see another color."""
    centers = distribution.centers
    close = (_distance(centers, centers) <= WINDOW).astype(np.float32)
    means = weights.T @ distribution.probabilities.reshape(len(weights), -1) / weights.sum(0)[:, None]
    found = []
    for group, probabilities in enumerate(means):
        together = close @ probabilities
        near = close * probabilities
        colors = (near @ centers) / np.maximum(near.sum(1, keepdims=True), 1e-9)
        start = int(_distance(centers, predicted[group][None])[:, 0].argmin())
        expected = max(float(together[start]), LEAST_PROBABILITY)
        taken = [predicted[group]]
        names = {color_name(tones[group], predicted[group])}
        for best in np.argsort(-together, kind="stable"):
            if together[best] < LEAST_PROBABILITY or len(taken) > MOST_MODES:
                break
            name = color_name(tones[group], colors[best])
            if name not in names and (_distance(centers[best][None], np.stack(taken)) >= APART).all():
                taken.append(centers[best])
                names.add(name)
                found.append(_Mode(group, colors[best], name, min(float(together[best]) / expected, 1)))
    return found


def _choose(
    modes: Sequence[_Mode], areas: Plane, predicted: Plane, places: Sequence[str], count: int
) -> list[tuple[_Mode, ...]]:
    """The variants: one or two groups changed, each plausible and far from the others, with different titles."""
    candidates: list[tuple[_Mode, ...]] = [(mode,) for mode in modes]
    candidates += [pair for pair in combinations(modes, 2) if pair[0].group != pair[1].group]
    colors = np.repeat(predicted[None], len(candidates) + 1, 0)
    for number, candidate in enumerate(candidates):
        for mode in candidate:
            colors[number, mode.group] = mode.color
    plausible = np.array([math.prod(mode.plausible for mode in each) for each in candidates])
    titles = np.array([_title(each, places) for each in candidates])
    least = np.full(len(candidates), np.inf)
    latest = colors[-1]  # the main answer
    chosen: list[tuple[_Mode, ...]] = []
    while len(chosen) < min(count, len(candidates)):
        least = np.minimum(least, np.linalg.norm(colors[:-1] - latest, axis=-1) @ areas)
        best = int(np.where(least >= LEAST_DISTANCE, least * plausible**PLAUSIBILITY, -1).argmax())
        if least[best] < LEAST_DISTANCE:
            break
        chosen.append(candidates[best])
        latest = colors[best]
        least[titles == titles[best]] = 0
    return chosen


class _Painter:
    """Renders candidates, from layers that are all upsampled at once."""

    def __init__(self, lightness: Plane, prediction: Prediction, members: Plane, modes: Sequence[_Mode]) -> None:
        assert prediction.distribution is not None
        cells = prediction.distribution.probabilities.shape[:2]
        drawn = [_narrowed(mode.color, members[:, mode.group], prediction.distribution) for mode in modes]
        # Opacity is upsampled together with the colors, so that both follow the same edges.
        layers = np.concatenate([each.reshape(*cells, 3) for each in drawn], -1)
        height, width = (
            max(-(-side // REDUCED), given) for side, given in zip(lightness.shape, prediction.ab.shape, strict=False)
        )
        reduced = shrunk(lightness, height, width)
        self._main = upsampling.along_edges(prediction.ab, reduced)
        raised = upsampling.along_edges(layers, reduced)
        self._layers = {id(mode): raised[..., 3 * number : 3 * number + 3] for number, mode in enumerate(modes)}

    def paint(self, candidate: Sequence[_Mode]) -> Plane:
        """ab (h, w, 2)."""
        ab = self._main.copy()
        for mode in candidate:
            layer = self._layers[id(mode)]
            ab += np.clip(layer[..., 2:], 0, 1) * (layer[..., :2] - ab)
        return ab


def _narrowed(color: Plane, members: Plane, distribution: Distribution) -> Plane:
    """(cells, 3): each cell's expectation over the classes near a color, and its opacity 0…1: its share in the group
    (`members` (cells,)), less where those classes are less probable than elsewhere in the group."""
    centers = distribution.centers
    near = np.exp(-(_distance(centers, color[None])[:, 0] ** 2) / (2 * NEAR**2)).astype(np.float32)
    narrowed = distribution.probabilities.reshape(-1, len(centers)) @ np.column_stack([near[:, None] * centers, near])
    probable = narrowed[:, 2:]
    usual = members @ probable / members.sum()
    # With a trace of the mode's own color, the expectation exists in cells without probability there.
    ab = (narrowed[:, :2] + 1e-4 * color) / (probable + 1e-4)
    part = members[:, None] * np.clip(probable / (POSSIBLE * usual), 0, 1)
    return np.concatenate([ab, part], -1)


def _title(candidate: Sequence[_Mode], places: Sequence[str]) -> str:
    """“red, left; blue, right”; equal changes are named once."""
    return "; ".join(dict.fromkeys(f"{mode.name}, {places[mode.group]}" for mode in candidate))


def place(mask: NDArray[np.bool_]) -> str:
    """Where in the picture a mask (h, w) is: “left”, “right”, “top”, “bottom”, “middle”, or “all over”."""
    (vertical, tall), (horizontal, wide) = _extent(mask.sum(1)), _extent(mask.sum(0))
    if tall > 0.22 and wide > 0.22:
        return "all over"
    if max(abs(vertical), abs(horizontal)) < 0.15:
        return "middle"
    if abs(vertical) > abs(horizontal):
        return "bottom" if vertical > 0 else "top"
    return "right" if horizontal > 0 else "left"


def _extent(counts: NDArray[np.integer]) -> tuple[float, float]:
    """Counts along a side -> their mean place, -0.5…0.5, and standard deviation, in lengths of the side."""
    places = (np.arange(counts.size) + 0.5) / counts.size - 0.5
    mean = float(counts @ places / counts.sum())
    return mean, math.sqrt(max(float(counts @ places**2 / counts.sum()) - mean**2, 0))


def _distance(these: Plane, those: Plane) -> Plane:
    """(n, 2) and (m, 2) -> (n, m)."""
    return np.asarray(np.linalg.norm(these[:, None] - those[None], axis=-1), np.float32)
