"""DDColor: Kang et al. 2023, "DDColor: Towards Photo-Realistic Image Colorization via Dual Decoders", ICCV.

A ConvNeXt reads the gray picture; one decoder brings its features back to full size, another turns learned color
queries into color embeddings that attend to them; their product becomes ab.

Where it differs from the published pipeline: the picture is never quantized to 8 bit, and its ab goes to our joint
upsampling instead of being enlarged by nearest neighbor.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.ddcolor_network import SIZES, DDColorNetwork, adapt
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """`details["encoder"]` is one of `SIZES`."""
    return {"weights": Network(functools.partial(DDColorNetwork, SIZES[details["encoder"]]), adapt)}


class DDColor:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, side × side at most. As published, the aspect is not kept on the way in."""
        gray = conversions.gray_planes(lightness)
        squashed = conversions.squash(gray, (self._side, self._side), "bilinear", antialias=False)
        ab = conversions.at_proxy(self._network(squashed.expand(-1, 3, -1, -1)), lightness)
        return Prediction(ab)


def open_model(card: Card) -> DDColor:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return DDColor(card)
