"""The network of Zhang et al. 2017, which Su et al. 2020 build on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import nn

from photochrom.colorizers.zhang2016_network import block
from photochrom.values import Plane

CLASSES: Final = 529
"""The ab plane from -110 to 110 in steps of 10, 23 × 23."""

Visit = Callable[[str, torch.Tensor], torch.Tensor]
"""A hook: a layer's name in the paper's figure 2 and its features -> the features to continue with."""


def unvisited(_name: str, features: torch.Tensor) -> torch.Tensor:
    """Changes nothing."""
    return features


class Zhang2017(nn.Module):
    """Lightness and hints -> ab, and a score for each color class. Zhang et al. 2017, figure 2, with names as in the
    release, which runs its last layers twice with the same result; here they run once."""

    def __init__(self) -> None:
        super().__init__()
        self.model1 = block(4, 64, 64)
        self.model2 = block(64, 128, 128)
        self.model3 = block(128, 256, 256, 256)
        self.model4 = block(256, 512, 512, 512)
        self.model5 = block(512, 512, 512, 512, dilation=2)
        self.model6 = block(512, 512, 512, 512, dilation=2)
        self.model7 = block(512, 512, 512, 512)
        self.model8up = _doubled(512, 256)
        self.model3short8 = _alone(256, 256)
        # Not in place: hooks keep the sums that come in.
        self.model8 = nn.Sequential(nn.ReLU(), *block(256, 256, 256))
        self.model9up = _doubled(256, 128)
        self.model2short9 = _alone(128, 128)
        self.model9 = nn.Sequential(nn.ReLU(), *block(128, 128))
        self.model10up = _doubled(128, 128)
        self.model1short10 = _alone(64, 128)
        self.model10 = nn.Sequential(nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.LeakyReLU(0.2))
        self.model_class = nn.Sequential(nn.Conv2d(256, CLASSES, 1))
        self.model_out = nn.Sequential(nn.Conv2d(128, 2, 1), nn.Tanh())

    def forward(self, planes: torch.Tensor, visit: Visit = unvisited) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 4, h, w): lightness (L - 50) / 100, hints a and b / 110, their mask; h and w multiples of 8 -> ab
        (n, 2, h, w) -1…1 and logits (n, 529, h/4, w/4)."""
        conv1_2 = visit("conv1_2", self.model1(planes))
        conv2_2 = visit("conv2_2", self.model2(conv1_2[..., ::2, ::2]))
        conv3_3 = visit("conv3_3", self.model3(conv2_2[..., ::2, ::2]))
        features = conv3_3[..., ::2, ::2]
        for number in (4, 5, 6, 7):
            features = visit(f"conv{number}_3", getattr(self, f"model{number}")(features))
        features = visit("conv8_up", self.model8up(features) + self.model3short8(conv3_3))
        conv8_3 = visit("conv8_3", self.model8(features))
        features = visit("conv9_up", self.model9up(conv8_3) + self.model2short9(conv2_2))
        features = visit("conv9_3", self.model9(features))
        features = visit("conv10_up", self.model10up(features) + self.model1short10(conv1_2))
        features = visit("conv10_2", self.model10(features))
        return self.model_out(features), self.model_class(conv8_3)


def centers() -> Plane:
    """(529, 2) ab of the classes, in Lab D65 units; b varies fastest."""
    steps = np.arange(-110, 111, 10, dtype=np.float32)
    return np.stack(np.meshgrid(steps, steps, indexing="ij"), -1).reshape(CLASSES, 2)


def _doubled(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(nn.ConvTranspose2d(before, after, 4, stride=2, padding=1))


def _alone(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, 3, padding=1))
