"""The perceptual loss: the difference of two colorizations in the features of an ImageNet network.

The mean absolute difference between a frozen encoder's features of our colors and of the true ones, over the same
lightness (after Johnson et al. 2016, arXiv 1603.08155, eq. 2). Unlike regression, it penalizes a uniform tint: a brown
lawn does not look like a lawn. On top of it, what the same network takes the two pictures for: colors by which a
classifier recognizes less are wrong in a way that matters (Zhang et al. 2016, section 3.3, made a loss).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.models.efficientnet_lite import Classifier, classifier_weights
from photochrom.training.lab import linear_from_lab, srgb_from_linear

TAPS = (1, 2, 3)
"""Features at 1/4, 1/8 and 1/16 of the picture."""

SEEN = 224
"""Side to which pictures are enlarged for the classifier's answer, the one it was trained at."""


class PerceptualLoss(nn.Module):
    """An EfficientNet-Lite with its published ImageNet weights, frozen."""

    def __init__(self, variant: str = "lite0") -> None:
        super().__init__()
        self.network = Classifier(variant)
        self.network.load_state_dict(classifier_weights(variant), strict=True)
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> PerceptualLoss:
        """Ignored: the network stays in evaluation mode."""
        return super().train(False)

    def forward(
        self, lightness: Tensor, ab: Tensor, true_ab: Tensor, *, recognized: bool = False
    ) -> tuple[Tensor, Tensor]:
        """lightness (N, 1, H, W), ab and true_ab (N, 2, H, W) -> two differences (N,), 0 where the colors agree: of
        what is seen, and of what is recognized, which is 0 unless asked for.

        The first is the mean over the taps, relative to the magnitude of the true picture's features. The second is the
        Kullback-Leibler divergence of the classes' probabilities, plus the first one's like for the features before
        them; pictures are enlarged to `SEEN` for it.
        """
        with torch.no_grad():
            wanted = self._features(lightness, true_ab, recognized)
        found = self._features(lightness, ab, recognized)
        seen = torch.stack([_relative(found[tap], wanted[tap]) for tap in TAPS]).mean(0)
        if not recognized:
            return seen, torch.zeros_like(seen)
        features, true_features = (self.network.head(each[-1]).mean((2, 3)).float() for each in (found, wanted))
        ours, true = (F.log_softmax(self.network.last(each), 1) for each in (features, true_features))
        return seen, F.kl_div(ours.float(), true.float(), reduction="none", log_target=True).sum(1) + _relative(
            features, true_features
        )

    def _features(self, lightness: Tensor, ab: Tensor, enlarged: bool) -> list[Tensor]:
        """The encoder's features of these pictures, converted to sRGB −1…1."""
        rgb = srgb_from_linear(linear_from_lab(torch.cat([lightness, ab], 1)).clamp(0, 1)) * 2 - 1
        if enlarged:
            rgb = F.interpolate(rgb, size=(SEEN, SEEN), mode="bilinear", align_corners=False)
        features: list[Tensor] = self.network.encoder(rgb.contiguous(memory_format=torch.channels_last))
        return features


def _relative(ours: Tensor, true: Tensor) -> Tensor:
    """(N, …) twice -> (N,) mean absolute difference, as a part of the mean magnitude of `true`."""
    ours, true = ours.float().flatten(1), true.float().flatten(1)
    return (ours - true).abs().mean(1) / true.abs().mean(1).clamp(min=1e-3)
