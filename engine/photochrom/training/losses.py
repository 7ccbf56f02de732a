"""The losses: color class, ab, and variety."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.color_classes import ALPHA, BETA, DELTA, ColorClasses

UPSILON = 0.5
"""Υ of CCC table II."""


class ColorTargets:
    """Encodes ab maps as soft class targets: each color is split bilinearly among its four nearest class centers.

    (Zhang et al. 2016 soft-encode over five neighbors with a Gaussian; the bilinear encoding has no width to choose.)
    """

    def __init__(self, classes: ColorClasses, device: torch.device) -> None:
        self.nearest = torch.from_numpy(classes.nearest()).to(device)
        self.count = len(classes.bins)

    def __call__(self, ab: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 2, h, w) ab -> (N, 4, h, w) classes and their (N, 4, h, w) weights, which sum to one."""
        cell = ((ab + BETA) / ALPHA - 0.5).clamp(0, DELTA - 1)
        low = cell.floor().clamp(max=DELTA - 2)
        part = cell - low
        low_a, low_b = low.long().unbind(1)
        part_a, part_b = part.unbind(1)
        bins = torch.stack([(low_b + i) * DELTA + low_a + j for i in (0, 1) for j in (0, 1)], 1)
        weights = torch.stack(
            [(part_b if i else 1 - part_b) * (part_a if j else 1 - part_a) for i in (0, 1) for j in (0, 1)], 1
        )
        return self.nearest[bins], weights


def appearance_weights(pixels: Tensor) -> Tensor:
    """CCC eq. 15: (classes,) how many pixels of a batch have each class -> (classes,) weights max N / (N·Υ + max N·Φ),
    Φ = 1/classes.

    The most frequent class gets 1/(Υ + Φ), one that does not appear 1/Φ.
    """
    most = pixels.max()
    return most / (pixels * UPSILON + most / len(pixels))


def class_weights(classes: Tensor, weights: Tensor, count: int, strength: float) -> Tensor:
    """(count,) weight of each class in this batch: `appearance_weights` to the power `strength`.

    1 is the paper's weighting, 0 no weighting. Normalized to a mean weight of 1 over the batch's pixels.
    """
    pixels = torch.zeros(count, device=classes.device, dtype=weights.dtype)
    pixels.scatter_add_(0, classes.flatten(), weights.flatten())
    raw = appearance_weights(pixels) ** strength
    return raw / ((raw * pixels).sum() / pixels.sum())


NEUTRAL_CHROMA, NEUTRAL_LIGHTNESS = 4.0, (20.0, 80.0)
"""Below this chroma and between these L a pixel counts as neutral: walls, suits, stone."""

VARIED_CHROMA = 5.0
"""Pictures with a lower mean chroma, and toned ones, are not used for variety."""


def class_loss(logits: Tensor, true_ab: Tensor, targets: ColorTargets, rebalance: float) -> tuple[Tensor, Tensor]:
    """Class-balanced cross-entropy (CCC eq. 16): logits (N, classes, h, w), true_ab (N, 2, h, w) in Lab units.

    Returns it with the weight (N, 1, h, w) of each pixel's class: 1 on average, higher for rare colors.
    """
    classes, spread = targets(true_ab)
    log_probability = F.log_softmax(logits.float(), 1).gather(1, classes)
    weight = class_weights(classes, spread, targets.count, rebalance)[classes] * spread
    return -(weight * log_probability).sum(1).mean(), weight.sum(1, keepdim=True)


def regression_loss(ab: Tensor, true_ab: Tensor, weight: Tensor | float = 1.0) -> Tensor:
    """(N, 2, h, w) twice -> (N,) weighted smooth L1 (CCC eq. 7, δ = 10) of each picture's ab."""
    return (F.smooth_l1_loss(ab.float(), true_ab, beta=10.0, reduction="none") * weight).mean((1, 2, 3))


def neutral(lightness: Tensor, ab: Tensor) -> Tensor:
    """(N, 1, h, w) 1 where the true color is neutral, else 0."""
    low, high = NEUTRAL_LIGHTNESS
    gray = ab.norm(dim=1, keepdim=True) < NEUTRAL_CHROMA
    found: Tensor = gray & (lightness > low) & (lightness < high)
    return found.to(ab.dtype)


def spread_of(ab: Tensor) -> Tensor:
    """(N, 2, h, w) -> (N,): the variation of the colors within each picture."""
    return ab.var((2, 3), correction=0).sum(1).sqrt()


def varied(ab: Tensor) -> Tensor:
    """(N, 2, h, w) -> (N,) true for pictures of several colors: neither near-monochrome nor toned (spread below half
    the tint)."""
    mean, spread = ab.mean((2, 3)).norm(dim=1), spread_of(ab)
    colorful: Tensor = ab.norm(dim=1).mean((1, 2)) > VARIED_CHROMA
    several: Tensor = colorful & (spread > 0.5 * mean)
    return several


def spread_loss(ab: Tensor, true_ab: Tensor) -> Tensor:
    """(N, 2, h, w) twice -> (N,): smooth L1 (β = 2) between the standard deviations of a and b within each picture,
    plus half of their shortfall."""
    ours = (ab.float().var((2, 3), correction=0) + 1e-2).sqrt()
    true = (true_ab.var((2, 3), correction=0) + 1e-2).sqrt()
    return (F.smooth_l1_loss(ours, true, beta=2.0, reduction="none") + 0.5 * F.relu(true - ours)).mean(1)
