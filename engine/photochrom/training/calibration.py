"""Calibrates a trained colorizer: the temperature of its distribution, fitted on held-out photographs.

Temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2) has one parameter and
preserves the ranking of classes. It minimizes the log loss of what confidence promises
(`photochrom.guidance.uncertainty`): "the best guess is within one class of the truth". Class-balanced training makes
our networks underconfident: temperatures are below 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from photochrom import models
from photochrom.colorizers import lite
from photochrom.evaluation.metrics import Pixels
from photochrom.evaluation.reliability import Reliability, ask, judge
from photochrom.values import Distribution

TEMPERATURES: Final = np.arange(0.6, 1.21, 0.05)

CELLS: Final = 200
"""Cells used per picture, evenly spaced, since neighbors are strongly correlated."""


@dataclass(frozen=True)
class Calibration:
    """The temperature, and the expected calibration error (0…1) on the same photographs before and after."""

    temperature: float
    photographs: int
    error_before: float
    error: float

    @property
    def on_card(self) -> dict[str, Any]:
        """The entry on a model's card."""
        return {
            "temperature": self.temperature,
            "held_out_photographs": self.photographs,
            "expected_calibration_error": round(self.error, 4),
            "expected_calibration_error_before": round(self.error_before, 4),
        }


def choose_temperature(card: models.Card, pictures: Iterable[Pixels]) -> Calibration:
    """Fits the temperature of least log loss over the pictures ((H, W, 3) sRGB)."""
    plain = {key: value for key, value in card.details.items() if key != "calibration"}
    colorizer = lite.open_model(replace(card, details=plain))
    confidences: list[list[np.ndarray[Any, Any]]] = []
    rights = []
    for picture in pictures:
        distribution, truth = ask(picture, lambda proxy: colorizer.predict(proxy.at(card.proxy_side)))
        probabilities = distribution.probabilities.reshape(truth.size, -1)
        some = np.linspace(0, truth.size - 1, min(CELLS, truth.size)).round().astype(int)
        judged = [
            judge(tempered(probabilities[some], t, distribution.centers), truth.ravel()[some]) for t in TEMPERATURES
        ]
        confidences.append([confidence for confidence, _ in judged])
        rights.append([right for _, right in judged])
    confidence = np.concatenate(confidences, axis=1)
    right = np.concatenate(rights, axis=1)
    sure = np.clip(confidence, 1e-4, 1 - 1e-4)
    loss = -np.where(right, np.log(sure), np.log(1 - sure)).mean(1)
    best = int(loss.argmin())
    unchanged = int(np.abs(TEMPERATURES - 1).argmin())
    return Calibration(
        round(float(TEMPERATURES[best]), 2),
        len(rights),
        Reliability.of(confidence[unchanged], right[unchanged]).error,
        Reliability.of(confidence[best], right[best]).error,
    )


def tempered(probabilities: np.ndarray[Any, Any], temperature: float, centers: np.ndarray[Any, Any]) -> Distribution:
    """(n, classes) probabilities -> the distribution whose logits are divided by the temperature."""
    powers = (probabilities / probabilities.max(-1, keepdims=True)) ** (1 / temperature)
    return Distribution(powers / powers.sum(-1, keepdims=True), centers)
