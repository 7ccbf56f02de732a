"""The perceptual loss: the difference of two colorizations in the features of an ImageNet network.

The mean absolute difference between a frozen encoder's features of our colors and of the true ones, over the same
lightness (after Johnson et al. 2016, arXiv 1603.08155, eq. 2). Unlike regression, it penalizes a uniform tint: a brown
lawn does not look like a lawn.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from photochrom.models.efficientnet_lite import Encoder, imagenet_weights
from photochrom.training.lab import linear_from_lab, srgb_from_linear

TAPS = (1, 2, 3)
"""Features at 1/4, 1/8 and 1/16 of the picture."""


class PerceptualLoss(nn.Module):
    """EfficientNet-Lite0 with its published ImageNet weights, frozen."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder("lite0", 3)
        self.encoder.load_state_dict(imagenet_weights("lite0"), strict=True)
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> PerceptualLoss:
        """Ignored: the network stays in evaluation mode."""
        return super().train(False)

    def features(self, lab: Tensor) -> list[Tensor]:
        """(N, 3, H, W) L, a, b -> the encoder's features of these pictures, converted to sRGB −1…1."""
        rgb = srgb_from_linear(linear_from_lab(lab).clamp(0, 1)) * 2 - 1
        found = self.encoder(rgb.contiguous(memory_format=torch.channels_last))
        return [found[tap].float() for tap in TAPS]

    def forward(self, lightness: Tensor, ab: Tensor, true_ab: Tensor) -> Tensor:
        """lightness (N, 1, H, W), ab and true_ab (N, 2, H, W) -> (N,) difference; 0 where the colors agree.

        The difference of each picture and tap is relative to the magnitude of the true picture's features.
        """
        with torch.no_grad():
            wanted = self.features(torch.cat([lightness, true_ab], 1))
        found = self.features(torch.cat([lightness, ab], 1))
        differences = [
            (ours - true).abs().mean((1, 2, 3)) / true.abs().mean((1, 2, 3)).clamp(min=1e-3)
            for ours, true in zip(found, wanted, strict=True)
        ]
        return torch.stack(differences).mean(0)
