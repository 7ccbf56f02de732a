"""The embedded colorizer's network: lightness and hints in; a distribution over color classes, the ab maps of several
experts, and a gate that weights the experts by region, out.

An encoder-decoder as in Color Classified Colorization (CCC, section III-C: pretrained encoder, first convolution
changed for gray input, nearest-neighbor upsampling, a distribution over color classes out), with the hint input of
Zhang et al. 2017 ("Real-Time User-Guided Image Colorization", section 3.1): ab of the hinted pixels and a mask of
where they are, all zero when nothing is hinted. Attention over the 1/16 map lets one part of a picture agree with
another.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.models.efficientnet_lite import Encoder, imagenet_weights

INPUTS = 4
"""L, hint a, hint b, hint mask."""

MIDDLE = math.log(0.5)
"""Logarithm of the mean tone that every picture is brought to."""

EXPERT_WIDTH = 16
"""Channels of each expert's own refinement."""


class Refine(nn.Sequential):
    """A 3×3 convolution, normalized and active."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Attention(nn.Module):
    """Self-attention over all positions of a feature map, then a two-layer perceptron; both residual.

    A depthwise 3×3 convolution encodes positions, so any map size works.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.position = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.norm_attention = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.norm_mlp = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        n, width, height, length = x.shape
        x = x + self.position(x)
        tokens = x.flatten(2).transpose(1, 2)
        qkv = self.qkv(self.norm_attention(tokens)).reshape(n, -1, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, -1, width)
        tokens = tokens + self.project(mixed)
        tokens = tokens + self.mlp(self.norm_mlp(tokens))
        restored: Tensor = tokens.transpose(1, 2).reshape(n, width, height, length)
        return restored


class ColorNetwork(nn.Module):
    """(N, 4, H, W), sides multiples of 32 -> class logits (N, classes, H/4, W/4), the experts' ab
    (N, experts, 2, H/2, W/2) in Lab units and the gate (N, experts, H/2, W/2), shares that sum to 1 in each cell.

    Inputs, scaled here: L 0…100, hint ab in Lab units, mask 0 or 1. `bins` are the color classes that occur
    (`colorizers.color_classes`). One trunk feeds both outputs: the classes for calm colors, the experts for vivid ones.
    """

    def __init__(
        self,
        bins: tuple[int, ...],
        variant: str = "lite2",
        widths: tuple[int, int, int, int] = (192, 128, 96, 32),
        attention: int = 2,
        experts: int = 5,
    ) -> None:
        super().__init__()
        self.bins = bins
        self.experts = experts
        self.encoder = Encoder(variant, INPUTS)
        half, quarter, eighth, sixteenth, last = self.encoder.widths
        deep, middle, fine, finest = widths
        self.context = nn.Sequential(nn.Conv2d(last, deep, 1, bias=False), nn.BatchNorm2d(deep), nn.ReLU(inplace=True))
        self.overall = nn.Linear(last, deep)
        self.join_sixteenth = Refine(deep + sixteenth, deep)
        self.attention = nn.Sequential(*(Attention(deep, deep // 32) for _ in range(attention)))
        self.join_eighth = Refine(deep + eighth, middle)
        # Hints are injected again near the output, so that they need not survive the bottleneck.
        self.join_quarter = Refine(middle + quarter + 3, fine)
        self.refine_quarter = Refine(fine, fine)
        self.classes = nn.Conv2d(fine, len(bins), 1)
        # An expert has its own refinement at 1/4 and mixes the shared edges at 1/2.
        self.expert_refine = Refine(fine, experts * EXPERT_WIDTH)
        self.expert_ab = nn.Conv2d(experts * EXPERT_WIDTH, 2 * experts, 1, groups=experts)
        self.narrow = nn.Sequential(
            nn.Conv2d(fine, finest, 1, bias=False), nn.BatchNorm2d(finest), nn.ReLU(inplace=True)
        )
        self.join_half = Refine(finest + half + 4, finest)
        self.refine_half = Refine(finest, finest)
        self.edges = nn.Conv2d(finest, 2 * experts, 1)
        self.gate = nn.Conv2d(fine, experts, 3, padding=1)
        self.gate_overall = nn.Linear(last, experts)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        scale = x.new_tensor([1 / 50, 1 / 50, 1 / 50, 1.0]).reshape(1, INPUTS, 1, 1)
        shift = x.new_tensor([1.0, 0.0, 0.0, 0.0]).reshape(1, INPUTS, 1, 1)
        x = torch.cat([evenly_exposed(x[:, :1]), x[:, 1:]], 1) * scale - shift
        half, quarter, eighth, sixteenth, last = self.encoder(x)
        mean = last.mean((2, 3))
        y = self.context(last) + self.overall(mean)[:, :, None, None]
        y = self.join_sixteenth(torch.cat([_doubled(y), sixteenth], 1))
        y = self.attention(y)
        y = self.join_eighth(torch.cat([_doubled(y), eighth], 1))
        y = self.join_quarter(torch.cat([_doubled(y), quarter, _hints(x, 4)], 1))
        y = self.refine_quarter(y)
        z = torch.cat([_doubled(self.narrow(y)), half, F.avg_pool2d(x[:, :1], 2), _hints(x, 2)], 1)
        z = self.refine_half(self.join_half(z))
        ab = _smoothly_doubled(self.expert_ab(self.expert_refine(y))) + self.edges(z)
        gate = _smoothly_doubled(self.gate(y) + self.gate_overall(mean)[:, :, None, None]).softmax(1)
        return self.classes(y), ab.unflatten(1, (self.experts, 2)) * 20.0, gate

    def start_from_imagenet(self, variant: str) -> None:
        """Loads the encoder's ImageNet weights; the stem's three color inputs are summed to one, hints start at
        zero."""
        weights = imagenet_weights(variant)
        stem = weights["stem.0.weight"]
        weights["stem.0.weight"] = torch.cat(
            [stem.sum(1, keepdim=True), torch.zeros(stem.shape[0], INPUTS - 1, *stem.shape[2:])], 1
        )
        self.encoder.load_state_dict(weights, strict=True)


def evenly_exposed(lightness: Tensor) -> Tensor:
    """(N, 1, H, W) 0…100 -> the same with a mean near 50 in each picture, by a gamma of ½ to 2: how dark a scan or a
    print came out says nothing about colors and must not change them."""
    tones = (lightness / 100).clamp(1e-3, 1.0)
    mean = tones.mean((1, 2, 3), keepdim=True)
    return 100 * tones ** (MIDDLE / mean.log()).clamp(0.5, 2.0)


def gated(ab: Tensor, gate: Tensor) -> Tensor:
    """The experts' ab (N, experts, 2, h, w) and their shares (N, experts, h, w) -> the blend (N, 2, h, w)."""
    return (ab * gate[:, :, None]).sum(1)


def _hints(x: Tensor, factor: int) -> Tensor:
    """Hint inputs at 1/`factor`: the mean color of the hinted pixels, not diluted by the rest of the cell, and the
    share of the cell that they cover."""
    pooled = F.avg_pool2d(x[:, 1:], factor)
    return torch.cat([pooled[:, :2] / pooled[:, 2:].clamp(min=1 / factor**2), pooled[:, 2:]], 1)


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0)


def _smoothly_doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
