"""DenseNet-121 (Huang et al. 2017, "Densely Connected Convolutional Networks"), torchvision's, without its classifier
and for one gray channel; and its published ImageNet weights, from a file of the user's.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from photochrom.errors import CheckpointRefused
from photochrom.models import checkpoints
from photochrom.runtime import torchvision_operators  # noqa: F401 before torchvision

# isort: split
from torchvision.models import densenet121

WIDTH: Final = 1024
"""Channels of its features."""

MEAN, DEVIATION = 0.449, 0.226
"""Of ImageNet's pictures in gray, sRGB 0…1: the means of the three that the weights were trained with."""

_OLD_NAME = re.compile(r"(.*denselayer\d+\.(?:norm|conv))\.([12]\..*)")
"""In the published file, of 2017, a layer's parts have a dot more than in torchvision today."""


class DenseNet121(nn.Module):
    """Lightness (N, 1, H, W) 0…100, sides multiples of 32 -> features (N, 1024, H/32, W/32)."""

    def __init__(self) -> None:
        super().__init__()
        self.features = densenet121(weights=None).features
        self.features.conv0 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)

    def forward(self, lightness: Tensor) -> Tensor:
        features: Tensor = self.features((lightness / 100 - MEAN) / DEVIATION)
        return features.relu()


def imagenet_weights(path: Path) -> dict[str, Tensor]:
    """The state dict of `DenseNet121` from torchvision's published checkpoint (densenet121-a639ec97.pth): the first
    convolution's three color inputs are summed to one, the classifier is left out.

    Raises:
        CheckpointRefused: it is no checkpoint of DenseNet-121.
    """
    with torch.device("meta"):
        layout = DenseNet121().state_dict()
    weights: dict[str, Tensor] = {}
    for published, tensor in checkpoints.read(path).items():
        old = _OLD_NAME.fullmatch(published)
        name = "".join(old.groups()) if old else published
        if not name.startswith("classifier."):
            weights[name] = tensor
    # Older versions of torch did not save these counts, and nothing here reads them.
    weights |= {name: torch.tensor(0) for name in layout.keys() - weights.keys() if name.endswith("_tracked")}
    stem = "features.conv0.weight"
    if stem in weights:
        weights[stem] = weights[stem].sum(1, keepdim=True)
    if {name: t.shape for name, t in weights.items()} != {name: t.shape for name, t in layout.items()}:
        raise CheckpointRefused(
            f"{path} is no checkpoint of DenseNet-121.", "Give torchvision's densenet121-a639ec97.pth."
        )
    return weights
