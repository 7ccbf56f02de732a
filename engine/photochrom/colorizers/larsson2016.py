"""Larsson, Maire & Shakhnarovich 2016, "Learning Representations for Automatic Colorization", ECCV (arXiv 1603.06668).

A VGG-16 reads the gray picture. All its layers, brought to a quarter of the picture's size, form a hypercolumn of
12,417 numbers a place, from which two histograms are told: of hue and of chroma, 32 bins each.

The hypercolumn is never built. What reads it is a 1 × 1 convolution, and that commutes with averaging and with
interpolation: each layer goes through its own slice of the weights at its own size, and the 1,024 channels that come
out are brought to a quarter and added. The sum is the same, at less than half the work and memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from photochrom.colorizers import conversions
from photochrom.models import Card
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Plane, Prediction

BINS: Final = 32
"""Of each histogram."""

BLOCKS: Final = ((1, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512), (512, 512, 512, 512))
"""Channels into and out of the convolutions of the five blocks of VGG-16, which here takes one channel of gray."""

WIDTHS: Final = (1, *(width for block in BLOCKS for width in block[1:]), 4096, 4096)
"""Channels of the layers of the hypercolumn: gray, the blocks', fc6, fc7."""

FADED: Final = 0.03
"""Mean resultant length of the hue histogram, over its bins, below which chroma fades."""

MARGIN: Final = 12
"""Pixels by which the longest picture is shorter than the canvas."""


class Larsson2016Network(nn.Module):
    """Gray (n, 1, s, s) 0…1, s a multiple of 32 -> hue and chroma histograms, each (n, 32, s, s).

    The layers have their Caffe names. Bins stand for (k + ½) / 32 of the circle, or of full chroma.
    """

    def __init__(self) -> None:
        super().__init__()
        for block, channels in enumerate(BLOCKS, 1):
            for layer, (inputs, outputs) in enumerate(pairwise(channels), 1):
                self.add_module(f"conv{block}_{layer}", nn.Conv2d(inputs, outputs, 3, padding=1))
        self.fc6 = nn.Conv2d(512, 4096, 7, padding=3)
        self.fc7 = nn.Conv2d(4096, 4096, 1)
        self.h_fc1 = nn.Conv2d(sum(WIDTHS), 1024, 1)
        self.prediction_h = nn.Conv2d(1024, BINS, 1)
        self.prediction_c = nn.Conv2d(1024, BINS, 1)

    def forward(self, gray: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        quarter = gray.shape[-1] // 4
        weights = iter(torch.split(self.h_fc1.weight, list(WIDTHS), 1))
        bias = self.h_fc1.get_parameter("bias")[:, None, None]
        total = bias.expand(gray.shape[0], -1, quarter, quarter).clone()
        for layers in self._layers(gray):
            side = min(quarter, layers[0].shape[-1])
            part = torch.zeros(gray.shape[0], total.shape[1], side, side)
            for layer in layers:
                seen = layer if layer.shape[-1] == side else F.avg_pool2d(layer, layer.shape[-1] // side)
                part += F.conv2d(seen, next(weights))
            total += enlarge(part, quarter // side)
        common = total.relu_()
        hue, chroma = self.prediction_h(common).softmax(1), self.prediction_c(common).softmax(1)
        return enlarge(hue, 4), enlarge(chroma, 4)

    def _layers(self, gray: torch.Tensor) -> Iterator[list[torch.Tensor]]:
        """What the hypercolumn is made of, in its order; layers of one size together."""
        yield [gray]
        features = gray
        for block, channels in enumerate(BLOCKS, 1):
            seen = []
            for layer in range(1, len(channels)):
                features = self.get_submodule(f"conv{block}_{layer}")(features).relu_()
                seen.append(features)
            yield seen
            features = F.max_pool2d(features, 2)
        sixth = self.fc6(features).relu_()
        yield [sixth, self.fc7(sixth).relu_()]


def enlarge(planes: torch.Tensor, times: int) -> torch.Tensor:
    """(n, c, h, w) -> (n, c, times h, times w) as Caffe's bilinear deconvolution with a kernel of twice the stride
    does: linear interpolation between pixel centers, and zeros all around."""
    if times == 1:
        return planes
    around = F.interpolate(F.pad(planes, (1, 1, 1, 1)), scale_factor=times, mode="bilinear", align_corners=False)
    return around[..., times:-times, times:-times]


def adapt(tensors: Tensors) -> Tensors:
    """Caffe's NAME.0 and NAME.1 -> NAME.weight and NAME.bias. The kernels of its interpolation are not needed.

    Raises:
        KeyError: a layer is missing.
    """
    with torch.device("meta"):
        layers = [name for name, _ in Larsson2016Network().named_children()]
    return {
        f"{layer}.{own}": tensors[f"{layer}.{blob}"] for layer in layers for blob, own in enumerate(("weight", "bias"))
    }


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network."""
    return {"weights": Network(Larsson2016Network, adapt)}


class Larsson2016:
    """See `colorizers.Colorizer`. One instance may be used from several threads.

    `card.details["canvas"]` is the side of the black square on which the picture lies, a multiple of 32; 512 as
    published.
    """

    def __init__(self, card: Card) -> None:
        self.card = card
        self._canvas = int(card.details["canvas"])
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab of the same size, or of what fits the canvas."""
        height, width = _fitted(lightness.shape, self._canvas)
        whole = conversions.gray_planes(lightness)
        gray = conversions.squash(whole, (height, width), "bilinear", antialias=False)
        top, left = (self._canvas - height) // 2, (self._canvas - width) // 2
        below, right = self._canvas - height - top, self._canvas - width - left
        histograms = self._network(F.pad(gray, (left, right, top, below)))
        hue, chroma = (one[0, :, top : top + height, left : left + width].movedim(0, -1) for one in histograms)
        ab = conversions.ab_from_srgb(decode(gray[0, 0].numpy(), hue.numpy(), chroma.numpy()))
        return Prediction(ab)


def open_model(card: Card) -> Larsson2016:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Larsson2016(card)


def decode(gray: Plane, hue: Plane, chroma: Plane) -> Plane:
    """Gray (h, w) 0…1 and histograms (h, w, 32) of hue and chroma -> sRGB (h, w, 3) 0…1 whose mean over the channels is
    the gray, but for what is clipped.

    As the authors decode: the expectation of hue on the circle, the median of chroma, chroma faded where hue is
    undecided. V = gray + C/2 and S = C/V put the middle between the largest and the smallest channel at the gray; in
    the end all channels are moved by what their mean is off.
    """
    centers = (np.arange(BINS, dtype=np.float32) + 0.5) / BINS
    mean = hue @ np.stack([np.cos(2 * np.pi * centers), np.sin(2 * np.pi * centers)], -1) / BINS
    turn = np.arctan2(mean[..., 1], mean[..., 0]) / (2 * np.pi) % 1
    median = np.minimum((chroma.cumsum(-1) < 0.5).sum(-1), BINS - 1)
    faded = centers[median] * np.minimum(np.hypot(mean[..., 0], mean[..., 1]) / FADED, 1)
    value = gray + faded / 2
    saturation = np.divide(faded, value, out=np.zeros_like(value), where=value > 0)
    rgb = _rgb_from_hsv(turn, saturation.clip(0, 1), value.clip(0, 1))
    return np.asarray((rgb + (gray - rgb.mean(-1))[..., None]).clip(0, 1), np.float32)


def _rgb_from_hsv(hue: Plane, saturation: Plane, value: Plane) -> Plane:
    """Smith 1978, "Color Gamut Transform Pairs"; all (h, w) 0…1 -> (h, w, 3)."""
    sixth = (np.array([5.0, 3.0, 1.0]) + 6 * hue[..., None]) % 6
    ramp = np.minimum(sixth, 4 - sixth).clip(0, 1)
    return np.asarray(value[..., None] * (1 - saturation[..., None] * ramp))


def _fitted(size: tuple[int, int], canvas: int) -> tuple[int, int]:
    """The size at which a picture is seen: short side half the canvas at most, long side within its margin."""
    factor = min(canvas / 2 / min(size), (canvas - MARGIN) / max(size), 1)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
