"""Trains DeepColor, section 4.2: the mean squared error of ab, with Adam.

The paper's best is the base network with a learning rate of 0.0001, batches of 5 and an L2 term of 0.01; which layers
have the term is not legible. On all kernels it starts at 28, beside a squared error of 0.016 for gray: nothing but the
weights' shrinking would be learnt, so it is off here unless a recipe says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.deepcolor import AB_SCALE, ARCHITECTURES
from photochrom.training.fusion import FusionMethod
from photochrom.training.systems import Recipe, Setting

RECIPE: Final = Recipe("deepcolor", rate=1e-4, batch=5, own={"architecture": "base", "regularization": 0.0})
"""`architecture`: base, 1, 2 or 3. `regularization`: of the L2 term over all kernels."""


def prepare(setting: Setting) -> DeepColorMethod:
    """Raises CheckpointRefused if the backbone's checkpoint is none of Inception-ResNet-v2."""
    return DeepColorMethod(setting)


class DeepColorMethod(FusionMethod):
    """See `systems.Method`."""

    parts = ("squared", "accuracy")
    watched = frozenset({"accuracy"})

    def __init__(self, setting: Setting) -> None:
        own = setting.recipe.own
        self._architecture = own["architecture"]
        super().__init__(setting, ARCHITECTURES[self._architecture], AB_SCALE, own["regularization"])

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        ab, true = self.painted(lab[:, :1]), F.avg_pool2d(lab[:, 1:], 2) / AB_SCALE
        return {"squared": F.mse_loss(ab, true), "accuracy": accuracy(ab, true)}

    def card(self) -> dict[str, Any]:
        return {**super().card(), "architecture": self._architecture}


def accuracy(ab: Tensor, true: Tensor) -> Tensor:
    """(n, 2, h, w) twice -> the share of pixels in which the same of a and b is larger.

    That is what Keras calls accuracy for an output of two numbers, and so probably what the paper's 56.8752 % are: its
    run whose loss is NaN scores 47.04 %, as one does that always names a. Always to name b would give 52.96 % there.
    """
    return (ab.argmax(1) == true.argmax(1)).to(torch.float32).mean()
