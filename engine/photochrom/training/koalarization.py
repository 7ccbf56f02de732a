"""Trains Deep Koalarization (Baldassarre et al. 2017), section 3, and IIT Guwahati's report, section 6.10: the mean
squared error of ab, over pictures in white squares.

Both: C(X, θ) = Σ (X − X̃)² / 2HW over a and b, averaged over the batch; Adam with a learning rate of 0.001. Theirs is
over ab with each pixel doubled; against the means of 2 × 2 true pixels, as here, it differs by a constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from torch import Tensor

from photochrom.colorizers.koalarization import AB_SCALE, LAYERS, STEP, contained
from photochrom.training.fusion import FusionMethod, in_white
from photochrom.training.systems import Recipe, Setting

RECIPE: Final = Recipe("koalarization", rate=1e-3, batch=32)
"""The paper's batch is 100, its side 224."""


def prepare(setting: Setting) -> Koalarization:
    """Raises CheckpointRefused if the backbone's checkpoint is none of Inception-ResNet-v2."""
    return Koalarization(setting, "baldassarre")


class Koalarization(FusionMethod):
    """See `systems.Method`. `layers`: a name in `colorizers.koalarization.LAYERS`."""

    def __init__(self, setting: Setting, layers: str) -> None:
        super().__init__(setting, LAYERS[layers], AB_SCALE)
        self._layers, self._generator = layers, setting.generator

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        return super().loss(in_white(lab, self._generator), step)

    def answer(self, lightness: Tensor) -> Tensor:
        """The picture in the middle of a white square, as the colorizer shows it to the network."""
        placed, (top, left, rows, columns) = contained(lightness / 100, max(lightness.shape), STEP)
        ab = super().answer(100 * placed)
        return ab[..., top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]

    def card(self) -> dict[str, Any]:
        return {**super().card(), "layers": self._layers}
