"""Trains the self-organizing map and the perceptron of Richart et al. 2017 (see `colorizers.richart2017`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.richart2017 import NEURONS, Richart2017Network, ab_from_uv, chosen, uv_from_lab
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.photographs import Photographs
from photochrom.training.systems import Recipe, Setting

ROUNDS: Final = 30
WIDEST, NARROWEST = 1.5, 0.3
"""Standard deviation of the neighborhood, in neurons, in the first round and in the last."""


SAMPLED: Final = 512
"""Views that the map learns from, of this side:"""

SAMPLED_SIDE: Final = 8

RECIPE: Final = Recipe("richart2017", rate=3e-3, batch=16, own={"patch": 9, "hidden": 64, "temperature": None})
"""`patch`: side of what the perceptron sees, odd; `hidden`: neurons of its hidden layer; `temperature`: see
`colorizers.richart2017.chosen`."""


def prepare(setting: Setting) -> Richart2017Method:
    """The perceptron with random weights, and the map after its training; there is no backbone."""
    return Richart2017Method(setting)


class Richart2017Method:
    """See `systems.Method`."""

    parts = ("classes",)
    watched: frozenset[str] = frozenset()

    def __init__(self, setting: Setting) -> None:
        own = setting.recipe.own
        self._details = own | {"side": setting.recipe.side}
        self.network = Richart2017Network(own["patch"], own["hidden"]).to(setting.device)
        self.network.palette.copy_(self_organized(_sampled(setting.pictures)))
        self.optimizer = torch.optim.Adam(self.network.parameters(), setting.recipe.rate)
        self.others: dict[str, Any] = {}

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        return {"classes": class_loss(self.network(lab[:, :1]), lab, self.network.palette)}

    def answer(self, lightness: Tensor) -> Tensor:
        uv = chosen(self.network(lightness), self.network.palette, self._details["temperature"])
        return ab_from_uv(lightness, uv)

    def card(self) -> dict[str, Any]:
        return dict(self._details)


def _sampled(pictures: Photographs) -> Tensor:
    """u* and v* (n, 2) of pixels of the training photographs."""
    generator = torch.Generator(pictures.pixels.device).manual_seed(0)
    chosen = torch.randint(len(pictures), (SAMPLED,), generator=generator, device=pictures.pixels.device)
    views = pictures.views(chosen, SAMPLED_SIDE, generator)
    return uv_from_lab(lab_from_linear(linear_from_srgb(views))).movedim(1, -1).flatten(0, 2)


def self_organized(samples: Tensor) -> Tensor:
    """(n, 2) chroma -> (9, 2): the neurons of a map of 3 × 3 after training on all samples in each round (the batch
    map, Kohonen 2001, section 3.6).

    A neuron becomes the mean of the samples nearest to it and, with less weight, of those nearest to its neighbors on
    the map; the neighborhood narrows from round to round. The map starts flat, along the samples' principal axes.
    """
    rows, columns = NEURONS
    grid = torch.cartesian_prod(torch.arange(rows), torch.arange(columns)).to(samples)
    apart = torch.cdist(grid, grid)
    mean = samples.mean(0)
    _, spread, axes = torch.linalg.svd(samples - mean, full_matrices=False)
    across = (grid - grid.mean(0)) * spread[[1, 0]] / len(samples) ** 0.5
    neurons: Tensor = mean + across @ axes[[1, 0]]
    for number in range(ROUNDS):
        width = WIDEST + (NARROWEST - WIDEST) * number / (ROUNDS - 1)
        near = torch.exp(-(apart**2) / (2 * width**2))
        nearest = F.one_hot(torch.cdist(samples, neurons).argmin(1), len(neurons)).to(samples)
        counts = near @ nearest.sum(0)
        means = (near @ (nearest.T @ samples)) / counts.clamp(min=1e-9)[:, None]
        neurons = torch.where(counts[:, None] > 0, means, neurons)
    return neurons


def class_loss(scores: Tensor, lab: Tensor, palette: Tensor) -> Tensor:
    """Scores (n, 9, h, w) and the true L, a, b (n, 3, h, w) -> the cross-entropy of the color of the palette that is
    nearest in u* and v*."""
    uv = uv_from_lab(lab).movedim(1, -1)
    true = torch.cdist(uv.flatten(1, 2), palette[None]).argmin(-1)
    return F.cross_entropy(scores.flatten(2), true)
