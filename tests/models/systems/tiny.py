"""A colorizer small enough to be fetched hundreds of times: as many networks of one layer as its card names."""

import numpy as np
import torch
from photochrom.models.networks import Network, open_network
from photochrom.values import Prediction
from torch import nn


class Tiny:
    def __init__(self, card):
        self.card = card
        self._networks = [open_network(card, name, each) for name, each in networks(card.details).items()]

    def predict(self, lightness):
        with torch.inference_mode():
            ab = sum(network(torch.from_numpy(lightness)[None, None]) for network in self._networks)
        return Prediction(np.moveaxis(ab[0].numpy(), 0, -1))


def networks(details):
    """Published names begin with "published." where ours do not."""
    widths = details["widths"]
    return {name: Network(lambda width=width: nn.Conv2d(1, 2, width), adapt) for name, width in widths.items()}


def adapt(tensors):
    return {name: tensors[f"published.{name}"] for name in ("weight", "bias")}


def open_model(card):
    return Tiny(card)
