"""How U-Nets are trained against a discriminator: Isola et al. 2017 (arXiv 1611.07004), section 3.1, for Hensman 2017
and MetalGAN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.unet import AB_SCALE, UNet
from photochrom.training.fusion import gray_of
from photochrom.training.loop import Stateful
from photochrom.training.nazeri2018 import Discriminator, discriminator_loss, generator_loss
from photochrom.training.systems import Setting

BETAS: Final = (0.5, 0.999)
"""Of the discriminator's Adam."""

INITIAL: Final = 0.02
"""Standard deviation of the initial kernels."""


class AdversarialMethod:
    """See `systems.Method`. A subclass chooses the optimizer of the U-Net."""

    parts = ("fooled", "close", "discriminator")
    watched = frozenset({"discriminator"})

    def __init__(self, setting: Setting) -> None:
        self._side, self._width = setting.recipe.side, setting.recipe.own["width"]
        self.network = UNet(self._width).to(setting.device)
        self.discriminator = Discriminator().to(setting.device)
        for layer in (*self.network.modules(), *self.discriminator.modules()):
            if isinstance(layer, torch.nn.Conv2d | torch.nn.ConvTranspose2d):
                torch.nn.init.normal_(layer.weight, 0.0, INITIAL)
        self._learning = torch.optim.Adam(self.discriminator.parameters(), 2e-4, BETAS)
        self.others: dict[str, Stateful] = {
            "discriminator": self.discriminator,
            "discriminator_optimizer": self._learning,
        }

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        """The discriminator learns one step at half size, then the generator's loss is that of its new state."""
        gray = gray_of(lab[:, :1])
        small = F.avg_pool2d(lab, 2)
        true = torch.cat([small[:, :1] / 50 - 1, (small[:, 1:] / AB_SCALE).clamp(-1, 1)], 1)
        painted = torch.cat([true[:, :1], self.network(gray)], 1)
        seen = F.avg_pool2d(gray, 2)
        told = discriminator_loss(self.discriminator(seen, true), self.discriminator(seen, painted.detach()))
        self._learning.zero_grad(set_to_none=True)
        told.backward()
        self._learning.step()
        self.discriminator.requires_grad_(False)
        fooled, close = generator_loss(self.discriminator(seen, painted), painted[:, 1:], true[:, 1:])
        self.discriminator.requires_grad_(True)
        return {"fooled": fooled, "close": close, "discriminator": told}

    def answer(self, lightness: Tensor) -> Tensor:
        """As the colorizer does it, on a square."""
        return self.network.painted(gray_of(lightness), self._side)

    def card(self) -> dict[str, Any]:
        return {"side": self._side, "width": self._width}
