"""PixColor: Guadarrama et al. 2017, "PixColor: Pixel Recursive Colorization" (BMVC, arXiv 1705.07208).

A conditional PixelCNN draws a small picture of chroma, 28 × 28 of 224 × 224, a pixel at a time, each from a
distribution that knows those before it; a second network makes it fine. Another draw gives other colors that belong
together; here the draw is always the same, so that the same request gives the same picture.

Read were what the review of deep colorization says of it (section 2 E) and notes of the paper's sizes. Its conditioning
network is a ResNet-101; here it is EfficientNet-Lite0, whose weights come as a package.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

import numpy as np
import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.pixcolor_network import PixColorNetwork
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

SEED: Final = 2017
"""Of the draw."""


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network with all its parts."""
    return {"weights": Network(partial(PixColorNetwork, details["width"]))}


class PixColor:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side, self._temperature = int(card.details["side"]), float(card.details["temperature"])
        self._network = cast(PixColorNetwork, open_network(card, "weights", networks(card.details)["weights"]))

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab at half of the network's square, or smaller where the proxy is."""
        gray = conversions.squash(
            conversions.gray_planes(lightness), (self._side, self._side), "bilinear", antialias=True
        )
        rgb = self._network.drawn(gray, self._temperature, SEED)[0].movedim(0, -1)
        ab = conversions.ab_from_srgb(rgb.numpy())
        planes = torch.from_numpy(np.ascontiguousarray(ab)).movedim(-1, 0)[None]
        return Prediction(conversions.painted(planes, lightness))


def open_model(card: Card) -> PixColor:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return PixColor(card)
