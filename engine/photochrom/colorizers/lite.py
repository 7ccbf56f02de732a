"""The embedded colorizer: our own small network, run by OpenVINO.

What it is and how it was trained is in `photochrom.training`; its scores are on its card. It takes hints (Zhang et al.
2017) and answers with a distribution over colour classes (CCC, section III-C) and an ab map.
"""

from __future__ import annotations

import numpy as np

from photochrom.colorizers import Distribution, Hints, Plane, Prediction
from photochrom.colorizers.classes import ColourClasses, annealed_mean
from photochrom.guidance.spread import spread
from photochrom.models import Card

MULTIPLE = 32
"""The network halves its input five times."""


class Lite:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        from photochrom.inference import opened

        self.card = card
        decode = card.details["decode"]
        self._temperature = float(decode["temperature"])
        self._head_share = float(decode["ab_head"])
        self._gain = float(decode["gain"])
        self._calibration = float(card.details.get("calibration", {}).get("temperature", 1))
        self._centres = ColourClasses(tuple(card.details["bins"])).centres
        self._compiled = opened(card, "lite")

    def predict(self, lightness: Plane, hints: Hints | None = None) -> Prediction:
        """Lightness (h, w) 0…100 -> ab and distribution at a quarter of its size (rounded up).

        The distribution is calibrated (`photochrom.guidance.doubt`); ab is decoded from what the network said.
        """
        height, width = lightness.shape
        planes = np.zeros((4, height, width), np.float32)
        planes[0] = lightness
        if hints is not None:
            planes[1:3] = np.moveaxis(hints.ab * hints.mask[..., None], -1, 0)
            planes[3] = hints.mask
        below, right = -height % MULTIPLE, -width % MULTIPLE
        padded = np.pad(planes, ((0, 0), (0, below), (0, right)), mode="edge")
        request = self._compiled.create_infer_request()
        logits, ab = request.infer([padded[None]]).values()
        rows, columns = -(-height // 4), -(-width // 4)
        logits = np.moveaxis(logits[0, :, :rows, :columns], 0, -1)
        probabilities = _softmax(logits)
        head = np.moveaxis(ab[0, :, :rows, :columns], 0, -1)
        expected = annealed_mean(probabilities, self._centres, self._temperature)
        colours = self._gain * (self._head_share * head + (1 - self._head_share) * expected)
        colours = colours.astype(np.float32)
        if hints is not None:
            colours = spread(colours, lightness, hints)
        return Prediction(colours, Distribution(_softmax(logits / self._calibration), self._centres))


def open_model(card: Card) -> Lite:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files are not what the card says.
    """
    return Lite(card)


def _softmax(logits: Plane) -> Plane:
    """CCC eq. 17 over the last axis."""
    grown = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(grown / grown.sum(-1, keepdims=True), np.float32)
