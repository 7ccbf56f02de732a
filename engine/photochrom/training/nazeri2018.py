"""Trains the network of Nazeri et al. 2018 (arXiv 1803.05400), sections 3 and 4: a conditional generative adversarial
network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.colorizers.nazeri2018 import AB_SCALE, KERNEL, Nazeri2018Network
from photochrom.training.fusion import gray_of
from photochrom.training.systems import Recipe, Setting

WIDTHS: Final = (64, 128, 256, 512)
"""Channels of the discriminator; all but the last convolution halve the size."""

CLOSENESS: Final = 100.0
"""λ of equation 5: weight of the mean absolute difference to the truth."""

SURE: Final = 0.9
"""What the discriminator is told of true pictures: one-sided label smoothing (Salimans et al. 2016, section 3.4)."""


BETAS: Final = (0.0, 0.999)
"""Of Adam, for both."""

SLOWER: Final = 10
"""The generator's learning rate, in those of the discriminator."""

RECIPE: Final = Recipe("nazeri2018", rate=2e-4, batch=16, side=128, own={"width": 64})
"""The paper's side is 256; it must be a power of 2. `width`: channels of the first convolution, 64 in the paper, and in
proportion of all."""


def prepare(setting: Setting) -> Nazeri2018Method:
    """Generator and discriminator with random weights; there is no backbone."""
    return Nazeri2018Method(setting)


class Nazeri2018Method:
    """See `systems.Method`."""

    parts = ("fooled", "close", "discriminator")
    watched = frozenset({"discriminator"})

    def __init__(self, setting: Setting) -> None:
        self._side, self._width = setting.recipe.side, setting.recipe.own["width"]
        self.network = Nazeri2018Network(self._side, self._width).to(setting.device)
        self.discriminator = Discriminator().to(setting.device)
        rate = setting.recipe.rate
        self.optimizer = torch.optim.Adam(self.network.parameters(), rate, BETAS)
        self._learning = torch.optim.Adam(self.discriminator.parameters(), rate / SLOWER, BETAS)
        self.others = {"discriminator": self.discriminator, "discriminator_optimizer": self._learning}

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        """The discriminator learns one step, then the generator's loss is that of its new state."""
        gray, true = gray_of(lab[:, :1]), scaled(lab)
        painted = self.network(gray)
        told = discriminator_loss(self.discriminator(gray, true), self.discriminator(gray, painted.detach()))
        self._learning.zero_grad(set_to_none=True)
        told.backward()
        self._learning.step()
        self.discriminator.requires_grad_(False)
        fooled, close = generator_loss(self.discriminator(gray, painted), painted, true)
        self.discriminator.requires_grad_(True)
        return {"fooled": fooled, "close": close, "discriminator": told}

    def answer(self, lightness: Tensor) -> Tensor:
        """As the colorizer does it, on a square."""
        seen = F.interpolate(gray_of(lightness), size=(self._side, self._side), mode="bilinear", antialias=True)
        ab: Tensor = AB_SCALE * self.network(seen)[:, 1:]
        return ab

    def card(self) -> dict[str, Any]:
        return {"side": self._side, "width": self._width}


class Discriminator(nn.Module):
    """Gray (n, 1, h, w) 0…1 and L, a, b (n, 3, h, w) -1…1 -> a score of each patch, above 0 where it looks true.

    Section 4.1: as the contracting path of the generator, conditioned on the gray picture.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 4
        for number, width in enumerate(WIDTHS):
            stride = 1 if number + 1 == len(WIDTHS) else 2
            layers.append(nn.Conv2d(inputs, width, KERNEL, stride, 1))
            if number:
                layers.append(nn.BatchNorm2d(width, eps=1e-3, track_running_stats=False))
            layers.append(nn.LeakyReLU(0.2))
            inputs = width
        self.layers = nn.Sequential(*layers, nn.Conv2d(inputs, 1, KERNEL, 1, 1))

    def forward(self, gray: Tensor, lab: Tensor) -> Tensor:
        scores: Tensor = self.layers(torch.cat([2 * gray - 1, lab], 1))
        return scores


def scaled(lab: Tensor) -> Tensor:
    """(n, 3, h, w) L, a, b -> -1…1, as the generator returns it."""
    return torch.cat([lab[:, :1] / 50 - 1, (lab[:, 1:] / AB_SCALE).clamp(-1, 1)], 1)


def generator_loss(scores: Tensor, painted: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    """Equation 5: the discriminator's `scores` of our picture should be those of a true one (the heuristic, not the
    minimax, cost of section 3.1), and the picture should be close to the truth."""
    fooled = F.binary_cross_entropy_with_logits(scores, torch.ones_like(scores))
    return fooled, CLOSENESS * F.l1_loss(painted, true)


def discriminator_loss(true: Tensor, ours: Tensor) -> Tensor:
    """Equation 6: scores of true pictures and of ours -> the cross-entropy of telling them apart."""
    told = F.binary_cross_entropy_with_logits(true, torch.full_like(true, SURE))
    return told + F.binary_cross_entropy_with_logits(ours, torch.zeros_like(ours))
