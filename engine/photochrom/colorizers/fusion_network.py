"""Encoder, fusion, decoder: the network of Deep Koalarization (Baldassarre et al. 2017), and of DeepColor and IIT
Guwahati's report, which change its layers.

An encoder reads the lightness at every place; what an embedding says of the whole picture is put beside it everywhere
(fusion); a decoder paints from both. Padding is Keras' "same": of an odd number of pixels, the last is at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from photochrom.colorizers import embedding


@dataclass(frozen=True)
class Conv:
    """A convolution of `kernel` × `kernel` to `channels`, then ReLU, or tanh after the decoder's last."""

    channels: int
    kernel: int = 3
    stride: int = 1


POOL: Final = "pool"
"""Of 2 × 2, the largest."""

UP: Final = "up"
"""Each pixel doubled."""

Layer = Conv | str


@dataclass(frozen=True)
class Layers:
    """The layers of one network. The decoder's last step, which doubles each pixel of ab, is not among them: it is left
    to our joint upsampling."""

    encoder: Sequence[Layer]
    fusion: Conv
    decoder: Sequence[Layer]


class FusionNetwork(nn.Module):
    """Lightness (n, 1, h, w), h and w multiples of 8, and gray sRGB as the embedding reads it, both -1…1 -> ab
    (n, 2, h/2, w/2) -1…1.
    """

    def __init__(self, layers: Layers, embedded: str) -> None:
        super().__init__()
        self.embedding = embedding.build(embedded)
        encoder, channels = _sequence(layers.encoder, 1)
        self.encoder = nn.Sequential(*encoder)
        everywhere = channels + embedding.EMBEDDINGS[embedded].classes
        fusion, channels = _sequence([layers.fusion], everywhere)
        self.fusion = nn.Sequential(*fusion)
        decoder, _ = _sequence(layers.decoder, channels)
        self.decoder = nn.Sequential(*decoder[:-1], nn.Tanh())

    def forward(self, lightness: torch.Tensor, gray: torch.Tensor) -> torch.Tensor:
        local = self.encoder(lightness)
        seen = self.embedding(gray)
        everywhere = seen[..., None, None].expand(-1, -1, *local.shape[-2:])
        ab: torch.Tensor = self.decoder(self.fusion(torch.cat([local, everywhere], 1)))
        return ab


def _sequence(layers: Sequence[Layer], channels: int) -> tuple[list[nn.Module], int]:
    """The modules, which end with the activation of the last convolution, and the channels they return."""
    modules: list[nn.Module] = []
    for layer in layers:
        if layer == POOL:
            modules.append(nn.MaxPool2d(2))
        elif layer == UP:
            modules.append(nn.Upsample(scale_factor=2))
        elif isinstance(layer, Conv):
            modules += [*_convolution(channels, layer), nn.ReLU()]
            channels = layer.channels
    return modules, channels


def _convolution(channels: int, layer: Conv) -> list[nn.Module]:
    around = layer.kernel - layer.stride
    if around % 2 == 0:
        return [nn.Conv2d(channels, layer.channels, layer.kernel, layer.stride, padding=around // 2)]
    before, after = around // 2, around - around // 2
    pad = nn.ZeroPad2d((before, after, before, after))
    return [pad, nn.Conv2d(channels, layer.channels, layer.kernel, layer.stride)]
