"""An, Kpeyiton & Shi 2020, "Grayscale images colorization with convolutional neural networks" (Soft Computing 24).

A classifier of colors over VGG-16: eight stages of two or three convolutions with ReLU, each of which ends with a batch
normalization, trained with a cross-entropy in which rare colors weigh more (`training.an2020`).

Only what the review of deep colorization (section 2 C, table 1) and DeepColor (section 2) say of it could be read. So
stages 1 to 5 are VGG-16's thirteen convolutions (Simonyan & Zisserman 2015) with its first three poolings, so that its
weights fit; the rest is as in Zhang et al. 2016, whose stages and loss the description repeats: dilation in stages 5
and 6, and twice the size in stage 8.

Where VGG-16's weights cannot be had, EfficientNet-Lite0 takes the place of stages 1 to 5; the card says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from photochrom.colorizers import conversions
from photochrom.colorizers.color_classes import annealed_mean
from photochrom.colorizers.zhang2016_network import block
from photochrom.errors import CheckpointRefused
from photochrom.models import Card, checkpoints
from photochrom.models.efficientnet_lite import Encoder, imagenet_weights
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Distribution, Plane, Prediction

VGG16: Final = "vgg16"
LITE: Final = "efficientnet-lite0"

STAGES: Final = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512), (512, 512, 512, 512))
"""VGG-16's channels into and out of the convolutions of each stage."""

PUBLISHED: Final = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
"""Numbers of VGG-16's convolutions in torchvision's `features`."""

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's sRGB, with which torchvision's VGG-16 was trained."""

MULTIPLE: Final = 32
"""EfficientNet halves its input five times; VGG-16 here three times."""

TAPS: Final = (2, 3, 4)
"""Features of EfficientNet at 1/8, 1/16 and 1/32, all of which are read at 1/8."""


class Vgg16(nn.Module):
    """Gray sRGB (n, 1, h, w) 0…1, sides multiples of 8 -> (n, 512, h/8, w/8)."""

    channels = 512
    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            block(*each, dilation=2 if number == 4 else 1) for number, each in enumerate(STAGES)
        )
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None])

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        features = (gray - self.mean) / self.deviation
        for number, stage in enumerate(self.stages):
            features = stage(features)
            if number < 3:
                features = F.max_pool2d(features, 2)
        return features

    def start_from(self, tensors: Tensors) -> None:
        """Takes over the convolutions of torchvision's `vgg16`.

        Raises:
            KeyError: one is missing.
            RuntimeError: one has another shape.
        """
        own = [layer for layer in self.modules() if isinstance(layer, nn.Conv2d)]
        for number, layer in zip(PUBLISHED, own, strict=True):
            weight, bias = (tensors[f"features.{number}.{part}"] for part in ("weight", "bias"))
            layer.load_state_dict({"weight": weight, "bias": bias})


class Lite(nn.Module):
    """The same with EfficientNet-Lite0, sides multiples of 32: three of its feature maps at 1/8."""

    channels = 40 + 112 + 320

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder("lite0", 3)

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        found = self.encoder(2 * gray.expand(-1, 3, -1, -1) - 1)
        size = found[TAPS[0]].shape[-2:]
        return torch.cat([F.interpolate(found[tap], size=size, mode="bilinear") for tap in TAPS], 1)


BACKBONES: Final[dict[str, type[Vgg16] | type[Lite]]] = {VGG16: Vgg16, LITE: Lite}


class An2020Network(nn.Module):
    """Gray sRGB (n, 1, h, w) 0…1, sides multiples of 32 -> a score for each class of color (n, classes, h/4, w/4).

    `channels`: of stages 6 and 7; stage 8 has half as many. The buffer `centers` (classes, 2) has the classes' ab.
    """

    centers: torch.Tensor

    def __init__(self, backbone: str, classes: int, channels: int = 512) -> None:
        super().__init__()
        half = channels // 2
        self.backbone = BACKBONES[backbone]()
        self.stage6 = block(self.backbone.channels, *(channels,) * 3, dilation=2)
        self.stage7 = block(*(channels,) * 4)
        self.stage8 = nn.Sequential(
            nn.ConvTranspose2d(channels, half, 4, stride=2, padding=1), nn.ReLU(), *block(*(half,) * 3)
        )
        self.last = nn.Conv2d(half, classes, 1)
        self.register_buffer("centers", torch.zeros(classes, 2))

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.last(self.stage8(self.stage7(self.stage6(self.backbone(gray)))))
        return scores

    def start_from_imagenet(self, file: Path | None = None) -> None:
        """Gives the backbone its ImageNet weights: EfficientNet's from its package, VGG-16's from torchvision's `file`.

        Raises:
            CheckpointRefused: there is no file where one is needed, or it holds another network.
            ExtraMissing, ModelDamaged: as in `efficientnet_lite.imagenet_weights`.
        """
        if isinstance(self.backbone, Lite):
            self.backbone.encoder.load_state_dict(imagenet_weights("lite0"), strict=True)
            return
        if file is None:
            raise CheckpointRefused(
                "The weights of VGG-16 do not come with Photochrom.",
                "Give torchvision's file of them, or choose the backbone efficientnet-lite0.",
            )
        try:
            self.backbone.start_from(checkpoints.read(file))
        except (KeyError, RuntimeError) as error:
            raise CheckpointRefused(
                f"{file} does not hold the weights of VGG-16: {str(error)[:200]}", "Give torchvision's vgg16."
            ) from error


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network, its backbone within it."""
    parts = details["backbone"], details["classes"], details["channels"]
    return {"weights": Network(partial(An2020Network, *parts))}


class An2020:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._temperature = float(card.details["temperature"])
        self._network = cast(An2020Network, open_network(card, "weights", networks(card.details)["weights"]))
        self._centers = self._network.centers.numpy()

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab and distribution at a quarter of the network's square, or smaller where the
        proxy is."""
        gray = conversions.gray_planes(lightness)
        seen = conversions.squash(gray, (self._side, self._side), "bilinear", antialias=True)
        probabilities = np.ascontiguousarray(self._network(seen).softmax(1)[0].movedim(0, -1).numpy())
        mean = torch.from_numpy(annealed_mean(probabilities, self._centers, self._temperature))
        ab = conversions.painted(mean.movedim(-1, 0)[None], lightness)
        return Prediction(ab, Distribution(probabilities, self._centers))


def open_model(card: Card) -> An2020:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return An2020(card)
