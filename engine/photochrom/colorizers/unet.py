"""The U-Net of conditional adversarial networks: Isola et al. 2017, "Image-to-Image Translation with Conditional
Adversarial Networks" (arXiv 1611.07004), section 3.2.1, on which Hensman 2017 and MetalGAN build.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import nn
from torch.nn import functional as F

TIMES: Final = (1, 2, 4, 8, 8)
"""Channels of the contracting path, each half as large as the one before, in those of the first."""

MULTIPLE: Final = 2 ** len(TIMES)
"""Both sides of what it reads are multiples of this."""

GROUPS: Final = 8
"""Of channels that are normalized together."""

AB_SCALE: Final = 110
"""What the output 1 stands for."""


class UNet(nn.Module):
    """Gray sRGB (n, 1, h, w) 0…1, sides multiples of 32 -> ab (n, 2, h/2, w/2) -1…1. `width`: the first layer's
    channels, 64 in the paper.

    The last doubling of the size is left to our joint upsampling. Channels are normalized in groups (Wu & He 2018), not
    over the batch: a batch of one photograph's parts, or of one kind of photographs, has other means than the next.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        channels = [width * times for times in TIMES]
        self.contracting, self.expanding = nn.ModuleList(), nn.ModuleList()
        inputs = 1
        for number, outputs in enumerate(channels):
            norm = nn.GroupNorm(GROUPS, outputs) if number else nn.Identity()
            self.contracting.append(nn.Sequential(nn.Conv2d(inputs, outputs, 4, 2, 1), norm, nn.LeakyReLU(0.2)))
            inputs = outputs
        for beside in channels[-2::-1]:
            self.expanding.append(
                nn.Sequential(nn.ConvTranspose2d(inputs, beside, 4, 2, 1), nn.GroupNorm(GROUPS, beside), nn.ReLU())
            )
            inputs = 2 * beside
        self.last = nn.Sequential(nn.Conv2d(inputs, 2, 3, padding=1), nn.Tanh())

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        features, seen = 2 * gray - 1, []
        for layer in self.contracting:
            features = layer(features)
            seen.append(features)
        seen.pop()
        for layer in self.expanding:
            features = torch.cat([seen.pop(), layer(features)], 1)
        ab: torch.Tensor = self.last(features)
        return ab

    def painted(self, gray: torch.Tensor, side: int) -> torch.Tensor:
        """Gray (n, 1, h, w) 0…1 of any size -> ab (n, 2, side/2, side/2) in Lab units, from a square of `side`."""
        square = F.interpolate(gray, (side, side), mode="bilinear", antialias=True)
        ab: torch.Tensor = AB_SCALE * self(square)
        return ab
