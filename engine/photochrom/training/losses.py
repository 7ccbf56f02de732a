"""What the network is asked for: the right colour class, and the right ab."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.classes import ALPHA, BETA, DELTA, ColourClasses

UPSILON = 0.5
"""Υ of CCC table II."""


class ColourTargets:
    """Turns ab maps into soft class targets: each colour is spread bilinearly over its four nearest class centres.

    (Zhang et al. 2016 soft-encode over five neighbours with a Gaussian; the bilinear spread has no width to choose.)
    """

    def __init__(self, classes: ColourClasses, device: torch.device) -> None:
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


def class_weights(classes: Tensor, weights: Tensor, count: int, strength: float) -> Tensor:
    """(count,) weight of each class in this batch: CCC eq. 15, max N / (N·Υ + max N·Φ), Φ = 1/count, to the power
    `strength`.

    1 is the paper's weighting, 0 is none. Normalised so that the mean weight of the batch's pixels is 1.
    """
    pixels = torch.zeros(count, device=classes.device, dtype=weights.dtype)
    pixels.scatter_add_(0, classes.flatten(), weights.flatten())
    most = pixels.max()
    raw = (most / (pixels * UPSILON + most / count)) ** strength
    return raw / ((raw * pixels).sum() / pixels.sum())


def colour_loss(
    logits: Tensor,
    ab: Tensor,
    true_ab: Tensor,
    targets: ColourTargets,
    *,
    rebalance: float,
    focal: float,
    regression: float,
) -> tuple[Tensor, Tensor]:
    """Class-balanced cross-entropy (CCC eq. 16) plus `regression` × smooth L1 (CCC eq. 7, δ = 10) of the ab map.

    logits (N, classes, h, w), ab and true_ab (N, 2, h, w) in Lab units. `focal` is γ of Lin et al. 2017 (0: none).
    Returns both parts before they are weighted.
    """
    classes, spread = targets(true_ab)
    log_probability = F.log_softmax(logits.float(), 1).gather(1, classes)
    weight = class_weights(classes, spread, targets.count, rebalance)[classes] * spread
    if focal:
        weight = weight * (1 - log_probability.detach().exp()) ** focal
    cross_entropy = -(weight * log_probability).sum(1).mean()
    return cross_entropy, F.smooth_l1_loss(ab.float(), true_ab, beta=10.0) * regression
