"""Stability of colors under changes that should not affect them: mirroring, cropping, exposure, grain.

The same photograph is colorized again after each of these changes, and both answers are compared where they show the
same content: mean CIEDE2000, both at the unchanged lightness, so that only color counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from photochrom import extras
from photochrom.evaluation.dataset import Photograph
from photochrom.values import Plane

Answer = Callable[[Plane, Plane | None], Plane]
"""Maps lightness (H, W) 0…100 and paint on it (H, W, 4), if any, to ab (H, W, 2)."""

CROPS: Final = (70, 50)
"""Percentage of width and height that is kept, around the center."""

GAMMAS: Final = (0.7, 1.4)
"""L* becomes 100 (L* / 100) ** gamma."""

GRAIN: Final = 4.0
"""Standard deviation of the grain in L*: normal, independent for each pixel."""

SEED: Final = 1839

MOST_PHOTOGRAPHS: Final = 60
"""Maximum number of photographs, evenly spaced in a larger data set: each is colorized seven times."""


def need() -> None:
    """Raises ExtraMissing if the requirements of the color difference are not installed."""
    extras.need("evaluate", "skimage")


def sample(photographs: Sequence[Photograph], most: int = MOST_PHOTOGRAPHS) -> frozenset[str]:
    """The names of the photographs to measure."""
    count = min(most, len(photographs))
    return frozenset(photographs[number * len(photographs) // count].name for number in range(count))


def stability(lightness: Plane, answers: Mapping[str, Answer]) -> dict[str, dict[str, float]]:
    """Lightness (H, W) 0…100 -> by candidate: `mirror`, `crop_70`, `crop_50`, `gamma_0.7`, `gamma_1.4`, `grain`, each
    with the prefix “stability_”: mean ΔE00 to the answer for the unchanged lightness."""
    return {name: _of_one(lightness, answer) for name, answer in answers.items()}


def _of_one(lightness: Plane, answer: Answer) -> dict[str, float]:
    plain = answer(lightness, None)
    found = {"mirror": difference(lightness, plain, answer(lightness[:, ::-1], None)[:, ::-1])}
    for percent in CROPS:
        place = _middle(lightness, percent)
        found[f"crop_{percent}"] = difference(lightness[place], plain[place], answer(lightness[place], None))
    for gamma in GAMMAS:
        changed = (100 * (np.clip(lightness, 0, 100) / 100) ** gamma).astype(np.float32)
        found[f"gamma_{gamma}"] = difference(lightness, plain, answer(changed, None))
    grain = np.random.default_rng(SEED).normal(0, GRAIN, lightness.shape)
    grainy = np.clip(lightness + grain, 0, 100).astype(np.float32)
    found["grain"] = difference(lightness, plain, answer(grainy, None))
    return {f"stability_{name}": value for name, value in found.items()}


def _middle(lightness: Plane, percent: int) -> tuple[slice, slice]:
    rows, columns = (max(1, round(side * percent / 100)) for side in lightness.shape)
    top, left = (lightness.shape[0] - rows) // 2, (lightness.shape[1] - columns) // 2
    return slice(top, top + rows), slice(left, left + columns)


def difference(lightness: Plane, first: Plane, second: Plane) -> float:
    """Mean CIEDE2000 (scikit-image's, on Lab D50) of two answers ab (H, W, 2) at one lightness (H, W)."""
    from skimage.color import deltaE_ciede2000

    one, other = (np.concatenate([lightness[..., None], ab], -1) for ab in (first, second))
    return float(deltaE_ciede2000(one, other).mean())
