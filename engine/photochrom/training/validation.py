"""Validation on held-out photographs during training: closeness to the truth, and variety of color."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from photochrom.colorizers.color_classes import ColorClasses
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import neutral
from photochrom.training.network import ColorNetwork, gated
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

FIGURES = ("gray", "auto", "calm", "spread", "toned", "toned_true", "neutrals", "chroma")
"""The scores of `validate`: mean PSNR in dB of gray, of the gated answer and of the class expectation; for the gated
answer, the ratio of its spread to the true one, the share of toned pictures (and of truly toned ones), the mean chroma
of true neutrals, and the ratio of chroma."""

MOST = 160
"""Maximum number of held-out photographs."""


@torch.no_grad()
def validate(average: dict[str, Tensor], network: ColorNetwork, pictures: Photographs, side: int = 160) -> list[float]:
    """Computes `FIGURES` over whole held-out pictures at `side` pixels, with the averaged weights."""
    own = {name: value.detach().clone() for name, value in network.state_dict().items()}
    network.load_state_dict(average)
    network.eval()
    device = pictures.pixels.device
    centers = torch.from_numpy(ColorClasses(network.bins).centers).to(device)
    scores: list[list[float]] = []
    neutrals: list[Tensor] = []
    for number in range(0, len(pictures), max(1, len(pictures) // MOST)):
        rgb = proxy(pictures.whole(number)[None], side)
        lab = lab_from_linear(linear_from_srgb(rgb))
        logits, experts, gate = network(torch.cat([lab[:, :1], torch.zeros_like(lab)], 1))
        answer = gated(experts, gate)
        expected = torch.einsum("nkhw,kc->nchw", logits.softmax(1), centers)
        true = torch.nn.functional.avg_pool2d(lab[:, 1:], 2)
        scored = [psnr(rgb, lab[:, :1], ab) for ab in (torch.zeros_like(answer), answer, expected)]
        spread, true_spread = (ab.var((2, 3), correction=0).sum().sqrt() for ab in (answer, true))
        tint, true_tint = (ab.mean((2, 3)).norm() for ab in (answer, true))
        chroma, true_chroma = (ab.norm(dim=1).mean() for ab in (answer, true))
        gray = neutral(torch.nn.functional.avg_pool2d(lab[:, :1], 2), true)[0, 0].bool()
        neutrals.append(answer.norm(dim=1)[0][gray])
        toned = [float(spread < tint / 2), float(true_spread < true_tint / 2)]
        scores.append([*scored, float(spread), float(true_spread), *toned, float(chroma), float(true_chroma)])
    network.load_state_dict(own)
    network.train()
    mean = np.mean(scores, 0)
    gray_chroma = float(torch.cat(neutrals).mean()) if neutrals else 0.0
    return [*mean[:3], mean[3] / mean[4], mean[5], mean[6], gray_chroma, mean[7] / mean[8]]
