"""DeOldify's generator: Jason Antic 2018, github.com/jantic/DeOldify, on the dynamic U-Net of fastai 1.

A ResNet with a U-Net on top, self-attention on its second block. Module names follow the published state dict,
`layers.0` to `layers.12`, so that layers are easy to look up there; spectral and weight norm are folded.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import torch
from torch import nn

from photochrom.colorizers.deoldify_blocks import Block, Shuffle, WideBlock, convolution
from photochrom.models.folding import Tensors, without_spectral_norm, without_weight_norm
from photochrom.runtime import torchvision_operators  # noqa: F401 before torchvision itself

# isort: split
from torchvision.models import resnet34, resnet101

SKIPS: Final = (6, 5, 4, 2)
"""The body's layers with a skip connection to the four blocks: its stages, and the ReLU before its pooling."""

COLORS: Final = (-3.0, 3.0)
"""The range of the output, in normalized units."""


class Generator(nn.Module):
    """Normalized RGB (n, 3, s, s), s a multiple of 16 -> normalized RGB (n, 3, s, s), within `COLORS`.

    `body` is a ResNet without its head, `blocks` the four of the U-Net, `deepest` and `width` the output channels of
    the body and of the last block.
    """

    def __init__(self, body: nn.Sequential, blocks: Sequence[Block], deepest: int, width: int) -> None:
        super().__init__()
        middle = nn.Sequential(convolution(deepest, 2 * deepest), convolution(2 * deepest, deepest))
        merged = width + 3
        under = body, nn.BatchNorm2d(deepest), nn.ReLU(), middle
        last = (
            Shuffle(width, width, norm=False),
            nn.Identity(),
            Refinement(merged),
            nn.Sequential(nn.Conv2d(merged, 3, 1)),
        )
        self.layers = nn.ModuleList([*under, *blocks, *last, nn.Sigmoid()])

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        body, norm, relu, middle, *blocks = self.layers[:8]
        shuffle, _, refinement, last, sigmoid = self.layers[8:]
        seen, features = {}, picture
        for index, layer in enumerate(body.children()):
            features = layer(features)
            seen[index] = features
        merged = middle(relu(norm(features)))
        for block, skip in zip(blocks, SKIPS, strict=True):
            merged = block(merged, seen[skip])
        merged = torch.cat([shuffle(merged), picture], 1)
        low, high = COLORS
        colors: torch.Tensor = sigmoid(last(refinement(merged))) * (high - low) + low
        return colors


class DeepBlock(Block):
    """A block with two convolutions."""

    def __init__(self, channels: int, skip: int, out: int, *, attention: bool) -> None:
        super().__init__(channels, channels // 2, skip)
        self.conv1 = convolution(channels // 2 + skip, out)
        self.conv2 = convolution(out, out, attention=attention)

    def forward(self, features: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        colors: torch.Tensor = self.conv2(self.conv1(self.merge(features, seen)))
        return colors


class Refinement(nn.Module):
    """x + two 3 × 3 convolutions of x, each with ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()) for _ in range(2)
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        first, second = self.layers
        added: torch.Tensor = features + second(first(features))
        return added


def artistic() -> Generator:
    """ResNet34 and deep blocks with one and a half times as many channels."""
    skips, widths = (256, 128, 64, 64), (512, 768, 768, 672, 300)
    blocks = [
        DeepBlock(channels, skip, out, attention=place == 1)
        for place, ((channels, out), skip) in enumerate(zip(itertools.pairwise(widths), skips, strict=True))
    ]
    return Generator(nn.Sequential(*list(resnet34().children())[:-2]), blocks, widths[0], widths[-1])


def stable() -> Generator:
    """ResNet101 and wide blocks."""
    skips, widths = (1024, 512, 256, 64), (2048, 512, 512, 512, 256)
    blocks = [
        WideBlock(channels, skip, out, attention=place == 1)
        for place, ((channels, out), skip) in enumerate(zip(itertools.pairwise(widths), skips, strict=True))
    ]
    return Generator(nn.Sequential(*list(resnet101().children())[:-2]), blocks, widths[0], widths[-1])


def adapt(tensors: Tensors) -> Tensors:
    """The published state dict, without its {"model": …, "opt": …} wrapper -> the network's own."""
    # Spectral norm first: its weight_v is not the one of weight norm.
    return without_weight_norm(without_spectral_norm(tensors))
