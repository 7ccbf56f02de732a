"""The network of Zhang et al. 2016 in its second release, and the block that its successors share."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import torch
from torch import nn

from photochrom.models.networks import Tensors

AB_SCALE: Final = 110.0
"""Lab units in an ab of 1 at the networks' output."""


class Zhang2016(nn.Module):
    """Lightness -> a score for each of 313 colors. Zhang et al. 2016, table 4, with names as in the release."""

    def __init__(self) -> None:
        super().__init__()
        self.model1 = block(1, 64, 64, stride=2)
        self.model2 = block(64, 128, 128, stride=2)
        self.model3 = block(128, 256, 256, 256, stride=2)
        self.model4 = block(256, 512, 512, 512)
        self.model5 = block(512, 512, 512, 512, dilation=2)
        self.model6 = block(512, 512, 512, 512, dilation=2)
        self.model7 = block(512, 512, 512, 512)
        self.model8 = nn.Sequential(
            nn.ConvTranspose2d(512, 256, 4, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 313, 1),
        )
        self.model_out = nn.Conv2d(313, 2, 1, bias=False)

    def forward(self, lightness: torch.Tensor) -> torch.Tensor:
        """(n, 1, h, w) 0…100, h and w multiples of 8 -> logits (n, 313, h/4, w/4)."""
        features = centered(lightness)
        for stage in (self.model1, self.model2, self.model3, self.model4, self.model5, self.model6, self.model7):
            features = stage(features)
        scores: torch.Tensor = self.model8(features)
        return scores

    @property
    def centers(self) -> torch.Tensor:
        """(313, 2) ab of the colors, in Lab D65 units: the weights of the last layer, with which the release takes
        their mean."""
        return self.model_out.weight[:, :, 0, 0].T * AB_SCALE


def block(*widths: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """3 × 3 convolutions from each width to the next, each with a ReLU, and the stride in the last one; then batch
    normalization."""
    layers: list[nn.Module] = []
    strides = [1] * (len(widths) - 2) + [stride]
    for (before, after), step in zip(pairwise(widths), strides, strict=True):
        layers += [nn.Conv2d(before, after, 3, step, dilation, dilation), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.BatchNorm2d(widths[-1]))


def centered(lightness: torch.Tensor) -> torch.Tensor:
    """L 0…100 -> -0.5…0.5, the input of all networks of this family."""
    return (lightness - 50) / 100


def with_batch_counts(tensors: Tensors) -> Tensors:
    """Adds each batch normalization's `num_batches_tracked`, which older versions of torch did not save. Inference does
    not read it."""
    counts = {
        name.removesuffix("running_mean") + "num_batches_tracked": torch.tensor(0)
        for name in tensors
        if name.endswith(".running_mean")
    }
    return {**counts, **tensors}
