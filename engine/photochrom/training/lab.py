"""CIE Lab D50 on torch tensors; the constants are the engine's own (`photochrom.image.lab`)."""

from __future__ import annotations

import torch
from torch import Tensor

from photochrom.image.lab import SRGB_TO_XYZ, WHITE

_KAPPA = 24389 / 27
_EPSILON = 216 / 24389


def linear_from_srgb(rgb: Tensor) -> Tensor:
    """sRGB-encoded 0…1 -> linear light 0…1, any shape (IEC 61966-2-1)."""
    return torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(linear: Tensor) -> Tensor:
    """Linear light 0…1 -> sRGB-encoded 0…1, any shape."""
    return torch.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)


def lightness_of(luminance: Tensor) -> Tensor:
    """Relative luminance Y 0…1 -> L* 0…100 (CIE 15)."""
    return 116 * _f(luminance) - 16


def lab_from_linear(linear: Tensor) -> Tensor:
    """(N, 3, H, W) linear sRGB -> (N, 3, H, W) L, a, b."""
    matrix = linear.new_tensor(SRGB_TO_XYZ)
    white = linear.new_tensor(WHITE)
    f = _f(torch.einsum("dc,nchw->ndhw", matrix / white[:, None], linear))
    x, y, z = f.unbind(1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def linear_from_lab(lab: Tensor) -> Tensor:
    """(N, 3, H, W) L, a, b -> (N, 3, H, W) linear sRGB, not clipped."""
    lightness, a, b = lab.unbind(1)
    y = (lightness + 16) / 116
    f = torch.stack([y + a / 500, y, y - b / 200], 1)
    ratio = torch.where(f > 6 / 29, f**3, (116 * f - 16) / _KAPPA)
    matrix = torch.linalg.inv(lab.new_tensor(SRGB_TO_XYZ))
    return torch.einsum("cd,ndhw->nchw", matrix * lab.new_tensor(WHITE), ratio)


def _f(ratio: Tensor) -> Tensor:
    return torch.where(ratio > _EPSILON, ratio.clamp(min=_EPSILON) ** (1 / 3), (_KAPPA * ratio + 16) / 116)
