"""Simulates the lightness of old photographs from clean color pictures.

Emulsions had other sensitivities (orthochromatic plates were blind to red, sensitive to blue), prints fade, paper is
tinted, lenses blur and darken the corners, film has grain, scans are JPEG files. Each effect is applied to a random
part of a batch with a random strength.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.image.lab import SRGB_TO_XYZ
from photochrom.training.lab import lightness_of

CLEAN = 0.35
"""Part of each batch that is left clean, since good scans exist too."""

# Luminance quantization of ITU-T T.81, table K.1.
JPEG_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


class Ageing:
    """Draws every random number from one generator, so that a seed reproduces the batches."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator
        self.device = generator.device

    def uniform(self, n: int, low: float, high: float) -> Tensor:
        """(n, 1, 1, 1) uniform numbers."""
        return torch.rand(n, 1, 1, 1, generator=self.generator, device=self.device) * (high - low) + low

    def hit(self, n: int, share: float) -> Tensor:
        """(n, 1, 1, 1) true for about `share` of the batch."""
        return self.uniform(n, 0, 1) < share

    def lightness(self, linear: Tensor) -> Tensor:
        """(N, 3, H, W) linear sRGB 0…1 -> (N, 1, H, W) L 0…100, aged in all but a clean part of the batch."""
        n = len(linear)
        luma = linear.new_tensor(SRGB_TO_XYZ[1]).reshape(1, 3, 1, 1)
        clean = lightness_of((linear * luma).sum(1, keepdim=True)).clamp(0, 100)
        aged = lightness_of((linear * self._emulsion(n, luma)).sum(1, keepdim=True)).clamp(0, 100) / 100
        for step in (self._tone, self._uneven, self._blur, self._fade, self._grain, self._jpeg):
            aged = step(aged).clamp(0, 1)
        return torch.where(self.hit(n, CLEAN), clean, aged * 100)

    def _emulsion(self, n: int, luma: Tensor) -> Tensor:
        """(n, 3, 1, 1) sensitivity of the plate to each color, from panchromatic to orthochromatic."""
        orthochromatic = luma.new_tensor([0.08, 0.57, 0.35]).reshape(1, 3, 1, 1)
        wild = torch.rand(n, 3, 1, 1, generator=self.generator, device=self.device)
        wild = wild / wild.sum(1, keepdim=True)
        other = torch.where(self.hit(n, 0.6), orthochromatic, wild)
        blend = self.uniform(n, 0, 1) * self.hit(n, 0.4)
        return luma * (1 - blend) + other * blend

    def _tone(self, x: Tensor) -> Tensor:
        n = len(x)
        gamma = torch.exp(self.uniform(n, -0.45, 0.45) * self.hit(n, 0.6))
        x = x.clamp(min=1e-4) ** gamma
        contrast = self.uniform(n, -0.8, 0.8) * self.hit(n, 0.5)
        return x - contrast * torch.sin(2 * math.pi * x) / (2 * math.pi)

    def _uneven(self, x: Tensor) -> Tensor:
        n = len(x)
        field = torch.rand(n, 1, 4, 4, generator=self.generator, device=self.device) * 2 - 1
        field = F.interpolate(field, x.shape[2:], mode="bicubic", align_corners=False)
        return x * (1 + field * self.uniform(n, 0, 0.25) * self.hit(n, 0.35))

    def _blur(self, x: Tensor) -> Tensor:
        sigma = torch.where(self.hit(len(x), 0.45), self.uniform(len(x), 0.4, 2.2), torch.tensor(0.1).to(x))
        return _gaussian(x, sigma)

    def _fade(self, x: Tensor) -> Tensor:
        n = len(x)
        faded = self.hit(n, 0.5)
        black = self.uniform(n, 0, 0.28) * faded
        white = 1 - self.uniform(n, 0, 0.28) * faded
        return black + (white - black) * x

    def _grain(self, x: Tensor) -> Tensor:
        n = len(x)
        noise = torch.randn(x.shape, generator=self.generator, device=self.device)
        noise = _gaussian(noise, self.uniform(n, 0.1, 1.3))
        noise = noise / noise.std((2, 3), keepdim=True).clamp(min=1e-3)
        midtones = 0.4 + 2.4 * x * (1 - x)
        return x + noise * midtones * self.uniform(n, 0.005, 0.07) * self.hit(n, 0.5)

    def _jpeg(self, x: Tensor) -> Tensor:
        """Quantizes the 8×8 cosine transform as a JPEG file of quality about 15…75 does (ITU-T T.81)."""
        n, _, height, width = x.shape
        k = torch.arange(8, device=x.device, dtype=x.dtype)
        basis = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
        basis[0] /= math.sqrt(2)
        blocks = (x * 255 - 128).reshape(n, height // 8, 8, width // 8, 8).permute(0, 1, 3, 2, 4)
        table = x.new_tensor(JPEG_LUMINANCE) * self.uniform(n, 0.5, 3.0)[..., None]
        coefficients = torch.round(basis @ blocks @ basis.T / table) * table
        decoded = (basis.T @ coefficients @ basis).permute(0, 1, 3, 2, 4).reshape(x.shape)
        return torch.where(self.hit(n, 0.35), (decoded + 128) / 255, x)


def _gaussian(x: Tensor, sigma: Tensor) -> Tensor:
    """Blurs each picture of (N, 1, H, W) with its own sigma (N, 1, 1, 1) in pixels, at most about 2.5."""
    n, radius = len(x), 6
    offsets = torch.arange(-radius, radius + 1, device=x.device, dtype=x.dtype)
    kernel = torch.exp(-(offsets**2) / (2 * sigma.reshape(n, 1) ** 2))
    kernel = kernel / kernel.sum(1, keepdim=True)
    rows = x.transpose(0, 1)
    rows = F.conv2d(F.pad(rows, (0, 0, radius, radius), mode="reflect"), kernel[:, None, :, None], groups=n)
    rows = F.conv2d(F.pad(rows, (radius, radius, 0, 0), mode="reflect"), kernel[:, None, None, :], groups=n)
    return rows.transpose(0, 1)
