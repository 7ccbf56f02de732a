"""The fusion network of Su et al. 2020: features of single objects are fused with features of the whole picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from photochrom.colorizers.zhang2017_network import Zhang2017

LAYERS: Final = {
    "conv1_2": ("weight_layer", 64, 1),
    "conv2_2": ("weight_layer2", 128, 2),
    "conv3_3": ("weight_layer3", 256, 4),
    "conv4_3": ("weight_layer4", 512, 8),
    "conv5_3": ("weight_layer5", 512, 8),
    "conv6_3": ("weight_layer6", 512, 8),
    "conv7_3": ("weight_layer7", 512, 8),
    "conv8_up": ("weight_layer8_1", 256, 4),
    "conv8_3": ("weight_layer8_2", 256, 4),
    "conv9_up": ("weight_layer9_1", 128, 2),
    "conv9_3": ("weight_layer9_2", 128, 2),
    "conv10_up": ("weight_layer10_1", 128, 1),
    "conv10_2": ("weight_layer10_2", 128, 1),
}
"""Layer of the color network -> the module that weighs it (named as in the release), its channels, and its stride in
pixels of the input."""

FAR: Final = 1e5
"""Added to the whole picture's score outside all boxes: the objects' weights vanish there."""


@dataclass(frozen=True)
class Box:
    """A box in pixels or cells; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def on(self, width: int, height: int, side: int) -> Box:
        """The same box of a picture of this width and height, on a square of `side` cells: at least one cell wide and
        high."""
        left, right = _cells(self.left, self.right, width, side)
        top, bottom = _cells(self.top, self.bottom, height, side)
        return Box(left, top, right, bottom)

    @property
    def cut(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def _cells(start: int, end: int, length: int, side: int) -> tuple[int, int]:
    # Truncated, not rounded, as in the release.
    first, last = int(start / length * side), int(end / length * side)
    if last > first:
        return first, last
    return (first, last + 1) if side - last > 1 else (first - 1, last)


@dataclass(frozen=True)
class Piece:
    """One object's share of a layer, resized to its box in the whole picture's layer: score (1, 1, h, w), features (1,
    c, h, w)."""

    box: Box
    score: torch.Tensor
    features: torch.Tensor


class Fusion(Zhang2017):
    """The color network with a weight module at each of `LAYERS` (Su et al. 2020, section 3.4, figure 4)."""

    def __init__(self) -> None:
        super().__init__()
        for name, channels, _step in LAYERS.values():
            self.add_module(name, Weighing(channels))

    def piece(self, layer: str, features: torch.Tensor, box: Box) -> Piece:
        """A layer's features (1, c, h, w) of an object colorized alone, resized to its box in the whole picture's
        layer."""
        # The release's instance network applies its ReLU in place, so the fusion was trained on rectified sums.
        features = features.relu() if layer.endswith("_up") else features
        size = box.bottom - box.top, box.right - box.left
        score = self._weighing(layer).simple_instance_conv(features)
        return Piece(box, _resized(score, size), _resized(features, size))

    def fuse(self, layer: str, whole: torch.Tensor, pieces: Sequence[Piece]) -> torch.Tensor:
        """A layer's features (1, c, h, w) of the whole picture, fused with those of the objects.

        Every object has a score everywhere, 0 outside its box, where its features are 0, too: the softmax runs over all
        objects and the whole picture.
        """
        scores = whole.new_zeros(1, len(pieces) + 1, *whole.shape[-2:])
        outside = torch.ones_like(scores[0, 0])
        for number, piece in enumerate(pieces):
            scores[0, number, *piece.box.cut] = piece.score[0, 0]
            outside[piece.box.cut] = 0
        scores[:, -1:] = self._weighing(layer).simple_bg_conv(whole) + FAR * outside
        weights = scores.softmax(1)
        fused = whole * weights[:, -1:]
        for number, piece in enumerate(pieces):
            fused[..., *piece.box.cut] += weights[0, number, *piece.box.cut] * piece.features
        return fused

    def _weighing(self, layer: str) -> Weighing:
        module = getattr(self, LAYERS[layer][0])
        assert isinstance(module, Weighing)
        return module


class Weighing(nn.Module):
    """Two small networks that score features (n, c, h, w) -> (n, 1, h, w) ≥ 0: one for objects, one for the whole
    picture."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.simple_instance_conv = _scoring(channels)
        self.simple_bg_conv = _scoring(channels)


def _scoring(channels: int, inner: int = 16) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in ((channels, inner), (inner, inner), (inner, 1)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


def _resized(planes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    return nn.functional.interpolate(planes, size, mode="bilinear", align_corners=False)
