"""MetalGAN: Fontanini, Iotti & Prati 2019, "MetalGAN: a Cluster-based Adaptive Training for Few-Shot Adversarial
Colorization" (ICIAP, arXiv 1909.07654).

A U-Net that is trained to learn quickly (Reptile; Nichol, Achiam & Schulman 2018): photographs are grouped into tasks,
and its weights move towards what each of them would make of it (`training.metalgan`). Only what the review of deep
colorization says of it (section 2 I) could be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.unet import UNet
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """The generator; the discriminator is needed in training alone."""
    return {"weights": Network(partial(UNet, details["width"]))}


class MetalGAN:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._network = cast(UNet, open_network(card, "weights", networks(card.details)["weights"]))

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab at half of the network's square, or smaller where the proxy is."""
        ab = self._network.painted(conversions.gray_planes(lightness), self._side)
        return Prediction(conversions.painted(ab, lightness))


def open_model(card: Card) -> MetalGAN:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return MetalGAN(card)
