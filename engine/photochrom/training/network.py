"""The embedded colorizer's network: lightness and hints in, a distribution over colour classes and an ab map out.

An encoder-decoder as in Color Classified Colorization (CCC, section III-C: pretrained encoder, first convolution
changed for gray input, nearest-neighbour upsampling, a distribution over colour classes out), with the hint input of
Zhang et al. 2017 ("Real-Time User-Guided Image Colorization", section 3.1): ab of the hinted pixels and a mask of
where they are, all zero when nothing is hinted. Attention over the 1/16 map lets one part of a picture agree with
another.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.training.encoder import Encoder, imagenet_weights

INPUTS = 4
"""L, hint a, hint b, hint mask."""


class Refine(nn.Sequential):
    """A 3×3 convolution, normalised and active."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Attention(nn.Module):
    """Self-attention over all positions of a feature map, then a two-layer perceptron; both residual.

    A depthwise 3×3 convolution gives the positions, so any map size works.
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


class ColourNetwork(nn.Module):
    """(N, 4, H, W), sides multiples of 32 -> logits (N, classes, H/4, W/4) and ab (N, 2, H/4, W/4) in Lab units.

    The input is scaled here: L 0…100, hint ab in Lab units, mask 0 or 1. `bins` are the colour classes that occur
    (`colorizers.classes`).
    """

    def __init__(
        self,
        bins: tuple[int, ...],
        variant: str = "lite0",
        widths: tuple[int, int, int] = (192, 128, 96),
        attention: int = 2,
    ) -> None:
        super().__init__()
        self.bins = bins
        self.encoder = Encoder(variant, INPUTS)
        _, quarter, eighth, sixteenth, last = self.encoder.widths
        deep, middle, fine = widths
        self.context = nn.Sequential(nn.Conv2d(last, deep, 1, bias=False), nn.BatchNorm2d(deep), nn.ReLU(inplace=True))
        self.overall = nn.Linear(last, deep)
        self.join_sixteenth = Refine(deep + sixteenth, deep)
        self.attention = nn.Sequential(*(Attention(deep, deep // 32) for _ in range(attention)))
        self.join_eighth = Refine(deep + eighth, middle)
        # Hints enter a second time where the colours are decided, so that they need not survive the bottleneck.
        self.join_quarter = Refine(middle + quarter + 3, fine)
        self.refine_quarter = Refine(fine, fine)
        self.classes = nn.Conv2d(fine, len(bins), 1)
        self.ab = nn.Conv2d(fine, 2, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        scale = x.new_tensor([1 / 50, 1 / 50, 1 / 50, 1.0]).reshape(1, INPUTS, 1, 1)
        shift = x.new_tensor([1.0, 0.0, 0.0, 0.0]).reshape(1, INPUTS, 1, 1)
        x = x * scale - shift
        _, quarter, eighth, sixteenth, last = self.encoder(x)
        hints = F.avg_pool2d(x[:, 1:], 4)
        # Mean hint colour of the hinted pixels, not diluted by the rest of the 4×4 cell.
        hints = torch.cat([hints[:, :2] / hints[:, 2:].clamp(min=1 / 16), hints[:, 2:]], 1)
        y = self.context(last) + self.overall(last.mean((2, 3)))[:, :, None, None]
        y = self.join_sixteenth(torch.cat([F.interpolate(y, scale_factor=2.0), sixteenth], 1))
        y = self.attention(y)
        y = self.join_eighth(torch.cat([F.interpolate(y, scale_factor=2.0), eighth], 1))
        y = self.join_quarter(torch.cat([F.interpolate(y, scale_factor=2.0), quarter, hints], 1))
        y = self.refine_quarter(y)
        return self.classes(y), self.ab(y) * 20.0

    def start_from_imagenet(self, variant: str) -> None:
        """Takes the encoder's ImageNet weights; the stem's three colour inputs are summed to one, hints start at
        zero."""
        weights = imagenet_weights(variant)
        stem = weights["stem.0.weight"]
        weights["stem.0.weight"] = torch.cat(
            [stem.sum(1, keepdim=True), torch.zeros(stem.shape[0], INPUTS - 1, *stem.shape[2:])], 1
        )
        self.encoder.load_state_dict(weights, strict=True)
