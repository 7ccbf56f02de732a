"""Zhang, Isola & Efros 2016, "Colorful Image Colorization" (ECCV, arXiv 1603.08511).

Color as a choice among 313 classes, learnt with rare colors weighted up; the mean of the sharpened distribution is
the answer (eq. 5). The release for PyTorch takes the plain mean of what its last layer gives, T = 1. The paper's
T = 0.38 was a layer of its own in the release for Caffe (a factor of 2.606 on the scores); whether its factor went
into the PyTorch weights nobody says. So T = 1 stands on the card: either release as it is, for that of Caffe brings
its factor along (see `zhang2016_caffe`). Another "temperature" there sharpens (below 1) or softens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.color_classes import annealed_mean
from photochrom.colorizers.zhang2016_caffe import from_caffe, is_of_caffe
from photochrom.colorizers.zhang2016_network import Zhang2016, with_batch_counts
from photochrom.models import Card
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Distribution, Plane, Prediction


class Zhang2016Colorizer:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._temperature = float(card.details["temperature"])
        self._network = cast(Zhang2016, open_network(card, "weights", networks(card.details)["weights"]))
        self._centers = self._network.centers.numpy()

    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab and distribution at a quarter of the network's square, or smaller where the
        proxy is."""
        with torch.inference_mode():
            scores = self._network(squared(lightness, self._side, "bicubic"))
            probabilities = np.ascontiguousarray(scores.softmax(1)[0].movedim(0, -1).numpy())
        mean = torch.from_numpy(annealed_mean(probabilities, self._centers, self._temperature))
        ab = conversions.at_proxy(mean.movedim(-1, 0)[None], lightness)
        return Prediction(ab, Distribution(probabilities, under_d50(self._centers)))


def open_model(card: Card) -> Zhang2016Colorizer:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Zhang2016Colorizer(card)


def networks(_details: Mapping[str, Any]) -> dict[str, Network]:
    """Its one network; the checkpoint is colorization_release_v2-9b330a0b.pth, or that for Caffe in its two files."""
    return {"weights": Network(Zhang2016, adapt)}


def adapt(tensors: Tensors) -> Tensors:
    """Either release -> the network's own state dict."""
    return from_caffe(tensors) if is_of_caffe(tensors) else with_batch_counts(tensors)


def squared(lightness: Plane, side: int, mode: str) -> torch.Tensor:
    """Lightness (h, w) -> (1, 1, side, side), resized as sRGB gray, as the published programs do.

    `mode` is Pillow's "bicubic" or "bilinear".
    """
    gray = conversions.gray_planes(lightness)
    small = conversions.squash(gray, (side, side), mode, antialias=True).clamp(0, 1)
    return torch.from_numpy(conversions.lightness_from_gray(small.numpy()))


def under_d50(centers: Plane) -> Plane:
    """(classes, 2) ab of color classes under D65 -> under D50, taken at a lightness of 50.

    A class has no lightness of its own, and the difference between the whites depends on it: for a chroma below 60,
    the centers would lie up to 3 away at a lightness of 80, and up to 13 at 20.
    """
    return conversions.ab_from_d65(np.full(len(centers), 50.0, np.float32), centers)
