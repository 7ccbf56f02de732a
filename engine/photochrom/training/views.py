"""Whole pictures prepared as at inference, and the PSNR of predicted colors."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.training.lab import linear_from_lab, srgb_from_linear


def proxy(rgb: Tensor, side: int) -> Tensor:
    """(N, 3, H, W) 0…1 -> resized to a short side of about `side`, both sides multiples of 32."""
    height, width = rgb.shape[2:]
    scale = side / min(height, width)
    size = (round(height * scale / 32) * 32, round(width * scale / 32) * 32)
    return F.interpolate(rgb, size=size, mode="bilinear", antialias=True).clamp(0, 1)


def psnr(rgb: Tensor, lightness: Tensor, ab: Tensor) -> float:
    """PSNR in dB of one picture (1, 3, H, W) 0…1 against `lightness` (1, 1, H, W) with `ab` (1, 2, h, w) over it."""
    ab = F.interpolate(ab, size=rgb.shape[2:], mode="bilinear")
    ours = srgb_from_linear(linear_from_lab(torch.cat([lightness, ab], 1)).clamp(0, 1))
    return float(-10 * torch.log10(((ours - rgb) ** 2).mean().clamp(min=1e-5)))
