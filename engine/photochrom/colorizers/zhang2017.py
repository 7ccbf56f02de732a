"""Zhang, Zhu, Isola, Geng, Lin, Yu & Efros 2017, "Real-Time User-Guided Image Colorization with Learned Deep Priors"
(SIGGRAPH, arXiv 1705.02999).

Hints are inputs of the network. It answers with ab, and with a distribution over color classes to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.zhang2016 import squared, under_d50
from photochrom.colorizers.zhang2016_network import AB_SCALE, centered, with_batch_counts
from photochrom.colorizers.zhang2017_network import Zhang2017, centers
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Distribution, Hints, Plane, Prediction

SOFTNESS: Final = 0.2
"""What the released network's scores are multiplied with before the softmax: without it, they choose too sharply."""


class Zhang2017Colorizer:
    """See `colorizers.HintedColorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._mask_center = float(card.details["mask_center"])
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    def predict(self, lightness: Plane, hints: Hints | None = None) -> Prediction:
        """Lightness (h, w) 0…100 -> ab of the network's square, or smaller where the proxy is; and the distribution at
        a quarter of the square."""
        with torch.inference_mode():
            tones = centered(squared(lightness, self._side, "bicubic"))
            given = no_hints(self._side) if hints is None else hint_planes(lightness, hints, self._side)
            given[:, 2] -= self._mask_center
            ab, scores = self._network(torch.cat([tones, given], 1))
            probabilities = (SOFTNESS * scores).softmax(1)[0].movedim(0, -1).numpy()
            colors = conversions.at_proxy(ab * AB_SCALE, lightness)
        return Prediction(colors, Distribution(np.ascontiguousarray(probabilities), under_d50(centers())))


def open_model(card: Card) -> Zhang2017Colorizer:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Zhang2017Colorizer(card)


def networks(_details: Mapping[str, Any]) -> dict[str, Network]:
    """Its one network; the checkpoint is siggraph17-df00044c.pth."""
    return {"weights": Network(Zhang2017, with_batch_counts)}


def no_hints(side: int) -> torch.Tensor:
    """What `hint_planes` gives for an empty mask."""
    return torch.zeros(1, 3, side, side)


def hint_planes(lightness: Plane, hints: Hints, side: int) -> torch.Tensor:
    """Lightness (h, w) and hints of the same picture -> (1, 3, side, side): ab / 110 under D65, and the mask 0 or 1.

    A cell of the square counts as hinted where any pixel in it is, so that the smallest hint survives; its color is
    the mean of those pixels.
    """
    ab = conversions.ab_to_d65(lightness, hints.ab) / AB_SCALE
    planes = np.concatenate([ab * hints.mask[..., None], hints.mask[..., None]], -1, dtype=np.float32)
    part = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(planes).movedim(-1, 0)[None], side)
    covered = part[:, 2:]
    hinted = covered > 0
    return torch.cat([torch.where(hinted, part[:, :2] / covered, 0), hinted.to(part.dtype)], 1)
