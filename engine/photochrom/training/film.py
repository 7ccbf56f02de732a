"""Simulates scans of negatives from the lightness of positives.

Film answers to light by its characteristic curve (Hurter and Driffield 1890): density over the logarithm of the
exposure, straight but for a toe and a shoulder. A scanner sees what light the film lets through, and stretches it, or
not. Some negatives are pictures that somebody inverted in a program instead.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.training.lab import lightness_of, linear_from_srgb, srgb_from_linear
from photochrom.training.luminance import Ageing

INVERTED, INVERTED_SAMPLES = 0.25, 0.2
"""Shares of pictures whose L* was inverted, and of those whose sRGB samples were; the others are scans of film."""

STRETCHED = 0.7
"""Share of scans whose black and white the scanner set."""


def negatives(lightness: Tensor, draws: Ageing) -> Tensor:
    """(N, 1, H, W) L* 0…100 of positives -> L* of their negatives, each of a kind at random."""
    n = len(lightness)
    luminance = torch.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness * (27 / 24389))
    samples = lightness_of(linear_from_srgb(1 - srgb_from_linear(luminance).clamp(0, 1)))
    kind = draws.uniform(n, 0, 1)
    made = torch.where(kind < INVERTED + INVERTED_SAMPLES, samples, scanned(luminance, draws))
    return torch.where(kind < INVERTED, 100 - lightness, made).clamp(0, 100)


def scanned(luminance: Tensor, draws: Ageing) -> Tensor:
    """(N, 1, H, W) luminance 0…1 of scenes -> L* of scans of films that were exposed to them.

    Ranges are those of common films and developers: a gradient of 0.5…1.1, densities up to 1.2…2.6 above the base,
    the darkest part of a scene on the toe, more or less.
    """
    n = len(luminance)
    flare = 10 ** draws.uniform(n, -3, -1.5)
    exposure = torch.log10(luminance + flare) - draws.uniform(n, -2.2, -1.2)
    bend = draws.uniform(n, 0.1, 0.3)
    density = bend * F.softplus(exposure * draws.uniform(n, 0.5, 1.1) / bend)
    most = draws.uniform(n, 1.2, 2.6)
    density = most - bend * F.softplus((most - density) / bend)
    light: Tensor = 10**-density
    small = F.avg_pool2d(light, 2)
    black, white = small.amin((2, 3), keepdim=True), small.amax((2, 3), keepdim=True)
    stretched = (light - black) / (white - black + 1e-6) * draws.uniform(n, 0.8, 1)
    light = torch.where(draws.hit(n, STRETCHED), stretched, light).clamp(0, 1)
    return lightness_of(light ** draws.uniform(n, 0.6, 1.1))
