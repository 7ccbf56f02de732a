"""The discriminator of adversarial training: a small network that tells our colors from true ones, patch by patch.

A patch discriminator (Isola et al. 2017, arXiv 1611.07004, section 3.2.2) with spectrally normalized convolutions
(Miyato et al. 2018, arXiv 1802.05957) and the hinge loss (the same, eqs. 16 and 17).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS = (32, 64, 128)


class Discriminator(nn.Module):
    """(N, 3, h, w) L, a, b at half size -> (N, 1, h/8, w/8), above 0 where a patch looks true."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for width in WIDTHS:
            layers += [spectral_norm(nn.Conv2d(inputs, width, 4, 2, 1)), nn.LeakyReLU(0.2)]
            inputs = width
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(inputs, 1, 3, 1, 1)))

    def forward(self, lightness: Tensor, ab: Tensor) -> Tensor:
        scaled: Tensor = self.layers(torch.cat([lightness / 50 - 1, ab / 40], 1))
        return scaled

    def optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=4e-4, betas=(0.5, 0.99), weight_decay=0.0)

    def learn(self, optimizer: torch.optim.Optimizer, lightness: Tensor, ours: Tensor, true: Tensor) -> Tensor:
        """One step on the same pictures with our colors and with the true ones; returns its loss."""
        fake, real = self(lightness, ours.detach()), self(lightness, true)
        loss: Tensor = F.relu(1 - real).mean() + F.relu(1 + fake).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    def doubt(self, lightness: Tensor, ours: Tensor) -> Tensor:
        """The generator's loss: minus the discriminator's output, whose weights get no gradient here."""
        self.requires_grad_(False)
        trust: Tensor = self(lightness, ours).mean()
        self.requires_grad_(True)
        return -trust
