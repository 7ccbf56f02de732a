"""Iizuka et al. 2016: "Let there be Color!: Joint End-to-end Learning of Global and Local Image Priors for Automatic
Image Colorization with Simultaneous Classification", ACM Transactions on Graphics 35(4).

Features of every place and of the whole picture (seen at 224 × 224) are fused, and a decoder paints from both. Layers
as in the paper's table 1, as deployed: batch normalization folded, no classifier.

Where it differs from the published program: that one puts the luma Y of the original back in the end, which moves L*;
Photochrom keeps L* instead, so the network's ab is already the color that belongs to the picture. And the decoder's
last step, which doubles each pixel of ab, is left to our joint upsampling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import nn

from photochrom.colorizers import conversions
from photochrom.models import Card
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Plane, Prediction

MULTIPLE: Final = 8
"""The network halves its input three times."""

WHOLE: Final = 224
"""Side of the square on which the whole picture is seen."""

MEAN: Final = 0.44505388568813414
"""Mean gray 0…1 of the photographs of places that the published network was trained on: for files that do not say."""


class Iizuka2016Network(nn.Module):
    """Gray sRGB (n, 1, h, w) 0…1, h and w multiples of 8, and the same picture as (n, 1, 224, 224) -> ab
    (n, 2, h/2, w/2) 0…1, which stands for -100…100 in Lab D65.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN))
        self.low = nn.Sequential(
            *_layer(1, 64, stride=2),
            *_layer(64, 128),
            *_layer(128, 128, stride=2),
            *_layer(128, 256),
            *_layer(256, 256, stride=2),
            *_layer(256, 512),
        )
        self.middle = nn.Sequential(*_layer(512, 512), *_layer(512, 256))
        self.whole = nn.Sequential(
            *_layer(512, 512, stride=2), *_layer(512, 512), *_layer(512, 512, stride=2), *_layer(512, 512)
        )
        self.dense = nn.Sequential(
            nn.Linear(512 * 7 * 7, 1024), nn.ReLU(), nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU()
        )
        self.color = nn.Sequential(
            *_layer(512, 256),
            *_layer(256, 128),
            nn.Upsample(scale_factor=2),
            *_layer(128, 64),
            *_layer(64, 64),
            nn.Upsample(scale_factor=2),
            *_layer(64, 32),
            nn.Conv2d(32, 2, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, gray: torch.Tensor, square: torch.Tensor) -> torch.Tensor:
        mean = self.get_buffer("mean")
        local = self.middle(self.low(gray - mean))
        prior = self.dense(self.whole(self.low(square - mean)).flatten(1))
        everywhere = prior[..., None, None].expand(-1, -1, *local.shape[-2:])
        ab: torch.Tensor = self.color(torch.cat([local, everywhere], 1))
        return ab


def _layer(inputs: int, outputs: int, stride: int = 1) -> tuple[nn.Module, nn.Module]:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1), nn.ReLU()


def adapt(tensors: Tensors) -> Tensors:
    """The modules of the published Torch7 graph, in its own order and whatever they are called there, each as
    NAME.weight and NAME.bias -> the network's own tensors.

    Each part of the network is found as the first run of layers of its sizes: the part that both branches share comes
    twice, and convolutions may be kept as matrices. The mean gray of its training stands beside the graph: the releases
    trained on Places and on ImageNet have each their own.

    Raises:
        KeyError: there is no such run.
    """
    layers = [
        (weight, tensors[f"{name.removesuffix('.weight')}.bias"])
        for name, weight in tensors.items()
        if name.endswith(".weight")
    ]
    published = [tensor for layer in layers for tensor in layer]
    sizes = [tensor.numel() for tensor in published]
    with torch.device("meta"):
        parts = dict(Iizuka2016Network().named_children())
    adapted = {"mean": tensors.get("mean", torch.tensor(MEAN)).reshape(())}
    for part, module in parts.items():
        own = module.state_dict()
        wanted = [tensor.numel() for tensor in own.values()]
        starts = range(0, len(sizes), 2)
        start = next((one for one in starts if sizes[one : one + len(wanted)] == wanted), None)
        if start is None:
            raise KeyError(part)
        for (name, tensor), found in zip(own.items(), published[start:], strict=False):
            adapted[f"{part}.{name}"] = found.reshape(tensor.shape)
    return adapted


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network."""
    return {"weights": Network(Iizuka2016Network, adapt)}


class Iizuka2016:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab at half its size, rounded to multiples of 4."""
        height, width = lightness.shape
        fitted = scale(conversions.gray_planes(lightness), (_rounded(height), _rounded(width)))
        found = self._network(fitted, scale(fitted, (WHOLE, WHOLE)))
        ab = conversions.at_proxy(200 * found - 100, lightness)
        return Prediction(ab)


def open_model(card: Card) -> Iizuka2016:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Iizuka2016(card)


def scale(planes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """(n, c, h, w) -> (n, c, *size) as `image.scale` of Torch7 does: an axis that shrinks is averaged over the area of
    each new pixel, one that grows is interpolated linearly from edge to edge."""
    rows, columns = (_axis(old, new) for old, new in zip(planes.shape[-2:], size, strict=True))
    return rows @ planes @ columns.T


def _axis(old: int, new: int) -> torch.Tensor:
    """The weights (new, old) of old pixels in new ones."""
    pixels = torch.arange(old, dtype=torch.float64)
    if new >= old:
        position = torch.linspace(0, old - 1, new, dtype=torch.float64)
        weights = (1 - (position[:, None] - pixels).abs()).clamp(min=0)
    else:
        edges = torch.linspace(0, old, new + 1, dtype=torch.float64)[:, None]
        covered = torch.minimum(edges[1:], pixels + 1) - torch.maximum(edges[:-1], pixels)
        weights = covered.clamp(min=0) * new / old
    return weights.float()


def _rounded(side: int) -> int:
    return max(MULTIPLE, (side + MULTIPLE // 2) // MULTIPLE * MULTIPLE)
