"""Trains the conditional adversarial network of Hensman & Aizawa 2017 on one photograph, as the review of deep
colorization describes it (section 2 H): many crops of a single reference.

It colors pictures that are like the reference; for others there is nothing that it could have learnt.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from photochrom.errors import BadRecipe
from photochrom.training.adversarial import AdversarialMethod
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import spread_of
from photochrom.training.photographs import Photographs
from photochrom.training.systems import Recipe, Setting

SEEN_SIDE: Final = 16
"""Of the pictures among which the reference is chosen."""

BETAS: Final = (0.5, 0.999)

RECIPE: Final = Recipe(
    "hensman2017",
    steps=2000,
    rate=2e-4,
    batch=8,
    side=128,
    smallest_view=0.3,
    own={"photograph": None, "width": 32, "blur": 1.5, "balls": [5, 3, 2, 1], "saturation": 1.08, "colors": 0},
)
"""`photograph`: the path of the reference in the index; without one, the photograph of the most varied colors.
`width`: of the `UNet`. Afterwards: `blur`, sigma in pixels, 1 or 2 in the paper; radii of the `balls`, 2 to 5 pixels in
diameter there; `saturation`, 5 to 10 % more; `colors` of the reference among which areas choose, 0 for any color."""


def prepare(setting: Setting) -> Hensman2017Method:
    """Raises BadRecipe if the reference is not among the training photographs."""
    return Hensman2017Method(setting)


class Hensman2017Method(AdversarialMethod):
    """See `systems.Method`."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._own, self._device = setting.recipe.own, setting.device
        self._reference = reference(setting.pictures, self._own["photograph"])
        self._path = setting.pictures.paths[self._reference]
        self._palette = palette(setting.pictures.whole(self._reference), self._own["colors"])
        self.optimizer = torch.optim.Adam(self.network.parameters(), setting.recipe.rate, BETAS)

    def draw(self, step: int, count: int) -> Tensor:
        """See `systems.Drawing`: the reference, and nothing else."""
        return torch.full((count,), self._reference, device=self._device)

    def card(self) -> dict[str, Any]:
        afterwards = {key: self._own[key] for key in ("blur", "balls", "saturation")}
        return {**super().card(), **afterwards, "palette": self._palette, "reference": self._path}


def reference(pictures: Photographs, path: str | None) -> int:
    """The number of the photograph of this path, or of the one whose colors vary most.

    Raises:
        BadRecipe: there is none of this path.
    """
    if path is not None:
        if path not in pictures.paths:
            raise BadRecipe(f"{path} is not among the training photographs.", "Take a path from index.csv.")
        return pictures.paths.index(path)
    device = pictures.pixels.device
    generator = torch.Generator(device).manual_seed(0)
    found = []
    for some in torch.arange(len(pictures), device=device).split(1024):
        views = pictures.views(some, SEEN_SIDE, generator, 1.0)
        found.append(spread_of(lab_from_linear(linear_from_srgb(views))[:, 1:]))
    return int(torch.cat(found).argmax())


def palette(rgb: Tensor, colors: int) -> list[list[float]]:
    """RGB (3, h, w) 0…1 -> ab of its most frequent `colors`, by k-means."""
    if not colors:
        return []
    from sklearn.cluster import KMeans

    ab = lab_from_linear(linear_from_srgb(rgb[None]))[0, 1:].flatten(1).T.cpu().numpy()
    centers = KMeans(min(colors, len(np.unique(ab, axis=0))), n_init=4, random_state=0).fit(ab).cluster_centers_
    return [[round(float(value), 2) for value in center] for center in centers]
