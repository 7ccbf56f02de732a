"""Color Classified Colorization (CCC): Gain, Raha & Debnath 2024.

Color as a choice among the classes that occur in photographs (eqs. 9 to 12), learnt with rare classes weighted up
(eqs. 15 and 16). The answer is each cell's most probable class (eq. 17), or with a "temperature" on the card the mean
of the sharpened distribution. The harmonization that follows in the paper (Algorithm 1) is `photochrom.harmonization`,
for any colorizer.

Nobody published weights: `photochrom train ccc` makes them (`photochrom.training.ccc`), in our own Lab, so that nothing
is converted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from photochrom.colorizers.ccc_network import CCCNetwork, padded
from photochrom.colorizers.color_classes import ColorClasses, annealed_mean
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Distribution, Plane, Prediction


class CCC:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._network = open_network(card, "weights", networks(card.details)["weights"])
        self._centers = ColorClasses(tuple(card.details["bins"])).centers
        self._temperature: float | None = card.details["temperature"]

    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab and distribution (h/4, w/4), rounded up."""
        rows, columns = (-(-length // 4) for length in lightness.shape)
        planes = torch.from_numpy(np.ascontiguousarray(lightness, np.float32))[None, None]
        with torch.inference_mode():
            scores = self._network(padded(planes))[0, :, :rows, :columns]
            probabilities = np.ascontiguousarray(scores.softmax(0).movedim(0, -1).numpy())
        if self._temperature is None:
            ab = self._centers[probabilities.argmax(-1)]
        else:
            ab = annealed_mean(probabilities, self._centers, self._temperature)
        return Prediction(ab, Distribution(probabilities, self._centers))


def open_model(card: Card) -> CCC:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return CCC(card)


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """Its one network, as the card describes it."""
    return {"weights": Network(lambda: CCCNetwork(len(details["bins"]), details["encoder"], details["widths"]))}
