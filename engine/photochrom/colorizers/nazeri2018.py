"""Nazeri, Ng & Ebrahimi 2018, "Image Colorization Using Generative Adversarial Networks" (AMDO, arXiv 1803.05400).

A U-Net paints, and a discriminator that sees the gray picture too tells it from the truth (`training.nazeri2018`). The
network predicts L, a and b; L is left out here, since tones do not change.

Normalizations use the statistics of the batch that they see, in training and afterwards, as the authors' program does:
a picture is normalized by itself.

Their program reads squares of 256. The number of halvings follows from the side, so that the narrowest features are
2 × 2, as theirs are; with fewer, a picture alone would have no statistics there.

The authors' weights, a checkpoint of TensorFlow 1, are not read: `photochrom train nazeri2018` makes some.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import torch
from torch import nn

from photochrom.colorizers import conversions
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

ENCODER: Final = (64, 64, 128, 256, 512, 512, 512, 512)
"""Channels of the contracting path for a side of 256; the first convolution keeps the size, all others halve it."""

KERNEL: Final = 4
AB_SCALE: Final = 110
"""What the outputs 1 for a and b stand for; L* is 50 (1 + output)."""


class Nazeri2018Network(nn.Module):
    """Gray sRGB (n, 1, side, side) 0…1 -> L, a, b (n, 3, side, side), each -1…1. `side` is a power of 2, 256 at most.

    Section 4.1 and figure 2 of the paper. `width`: channels of the first convolution; all others are in proportion.
    """

    def __init__(self, side: int, width: int = 64) -> None:
        super().__init__()
        channels = [each * width // ENCODER[0] for each in ENCODER[: side.bit_length() - 1]]
        self.contracting = nn.ModuleList()
        inputs = 1
        for number, outputs in enumerate(channels):
            self.contracting.append(_contracting(inputs, outputs, halves=number > 0))
            inputs = outputs
        self.expanding = nn.ModuleList()
        for beside in channels[-2::-1]:
            self.expanding.append(_expanding(inputs, beside))
            inputs = 2 * beside
        self.last = nn.Sequential(nn.Conv2d(inputs, 3, 1), nn.Tanh())

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        seen = [255 * gray]
        for layer in self.contracting:
            seen.append(layer(seen[-1]))
        features = seen.pop()
        for layer in self.expanding:
            features = torch.cat([seen.pop(), layer(features)], 1)
        lab: torch.Tensor = self.last(features)
        return lab


def _contracting(inputs: int, outputs: int, *, halves: bool) -> nn.Sequential:
    """TensorFlow pads 1 pixel before and 2 after where a kernel of 4 keeps the size, 1 on each side where it halves."""
    pad = nn.ZeroPad2d(1 if halves else (1, 2, 1, 2))
    convolution = nn.Conv2d(inputs, outputs, KERNEL, stride=2 if halves else 1)
    return nn.Sequential(pad, convolution, _norm(outputs), nn.LeakyReLU(0.2))


def _expanding(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.ConvTranspose2d(inputs, outputs, KERNEL, 2, 1), _norm(outputs), nn.ReLU())


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, track_running_stats=False)


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """The generator; the discriminator is needed in training alone."""
    return {"weights": Network(partial(Nazeri2018Network, details["side"], details["width"]))}


class Nazeri2018:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab of the network's square, or smaller where the proxy is."""
        gray = conversions.gray_planes(lightness)
        seen = conversions.squash(gray, (self._side, self._side), "bilinear", antialias=True)
        return Prediction(conversions.painted(AB_SCALE * self._network(seen)[:, 1:], lightness))


def open_model(card: Card) -> Nazeri2018:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Nazeri2018(card)
