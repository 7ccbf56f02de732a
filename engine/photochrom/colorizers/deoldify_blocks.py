"""Building blocks of DeOldify's U-Nets (Jason Antic 2018, github.com/jantic/DeOldify) and of DDColor's pixel decoder,
which follows them: upsample by two, then concatenate the encoder's skip connection.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


def convolution(channels: int, out: int, *, attention: bool = False) -> nn.Sequential:
    """3 × 3, ReLU, then batch norm, in this order."""
    layers = [nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.ReLU(), nn.BatchNorm2d(out)]
    return nn.Sequential(*layers, *([SelfAttention(out)] if attention else []))


class Shuffle(nn.Module):
    """(n, channels, h, w) -> (n, out, scale h, scale w) by sub-pixel convolution (Shi et al. 2016), then a 2 × 2 mean
    against its checkerboard artifacts (Sugawara et al. 2018). The mean is always taken, whatever DeOldify's options
    say: its weights were trained that way."""

    def __init__(self, channels: int, out: int, *, norm: bool, scale: int = 2) -> None:
        super().__init__()
        self.scale = scale
        conv = nn.Conv2d(channels, scale**2 * out, 1, bias=not norm)
        self.conv = nn.Sequential(conv, nn.BatchNorm2d(scale**2 * out)) if norm else nn.Sequential(conv)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        large = F.pixel_shuffle(F.relu(self.conv(features)), self.scale)
        return F.avg_pool2d(F.pad(large, (1, 0, 1, 0), mode="replicate"), 2, stride=1)


class Block(nn.Module):
    """(n, channels, h, w) and the body's features of that stage (n, skip, H, W) -> (n, out, H, W)."""

    def __init__(self, channels: int, raised: int, skip: int) -> None:
        super().__init__()
        self.shuf = Shuffle(channels, raised, norm=True)
        self.bn = nn.BatchNorm2d(skip)

    def merge(self, features: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        raised = self.shuf(features)
        if raised.shape[-2:] != seen.shape[-2:]:  # The body rounds up where it halves an odd size.
            raised = F.interpolate(raised, seen.shape[-2:], mode="nearest")
        return F.relu(torch.cat([raised, self.bn(seen)], 1))


class WideBlock(Block):
    """A block with one convolution."""

    def __init__(self, channels: int, skip: int, out: int, *, attention: bool = False) -> None:
        super().__init__(channels, out, skip)
        self.conv = convolution(out + skip, out, attention=attention)

    def forward(self, features: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        colors: torch.Tensor = self.conv(self.merge(features, seen))
        return colors


class SelfAttention(nn.Module):
    """(n, c, h, w) -> the same shape: each pixel plus a learned share of the pixels it attends to (Zhang et al. 2019,
    "Self-Attention Generative Adversarial Networks", eq. 1-3).

    In the published weights, query and key are swapped: the softmax runs over the query's pixels.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Conv1d(channels, channels // 8, 1, bias=False)
        self.key = nn.Conv1d(channels, channels // 8, 1, bias=False)
        self.value = nn.Conv1d(channels, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        places = features.flatten(2)
        asked, offered, value = (one(places).mT for one in (self.key, self.query, self.value))
        attended = F.scaled_dot_product_attention(asked, offered, value, scale=1.0)
        return (self.gamma * attended.mT + places).reshape(features.shape)
