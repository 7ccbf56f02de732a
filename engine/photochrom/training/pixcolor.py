"""Trains PixColor (Guadarrama et al. 2017) as the review of deep colorization describes it (section 2 E): maximum
likelihood of the small picture of chroma, all pixels before each one being the true ones ("teacher forcing"); and the
refinement, from the true small picture to the large one.

Both at once: they share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.pixcolor import SEED
from photochrom.colorizers.pixcolor_network import STRIDE, PixColorNetwork, chroma_from, levels_of
from photochrom.models.efficientnet_lite import imagenet_weights
from photochrom.training import loop
from photochrom.training.fusion import gray_of
from photochrom.training.lab import lab_from_linear, linear_from_lab, linear_from_srgb, srgb_from_linear
from photochrom.training.systems import Recipe, Setting

REFINED: Final = 100.0
"""Weight of the refinement's error, whose unit is all of chroma."""

RECIPE: Final = Recipe("pixcolor", rate=5e-4, batch=16, side=224, own={"width": 64, "temperature": 1.0})
"""`width`: channels of all but the conditioning network; `temperature`: below 1, likely colors are drawn more often
than they occur. The learning rate and the widths are not known."""


def prepare(setting: Setting) -> PixColorMethod:
    """The network, its conditioning part with weights that know ImageNet."""
    return PixColorMethod(setting)


class PixColorMethod:
    """See `systems.Method`."""

    parts = ("pixels", "refined")
    watched: frozenset[str] = frozenset()

    def __init__(self, setting: Setting) -> None:
        self._own, self._side = setting.recipe.own, setting.recipe.side
        self.network = PixColorNetwork(self._own["width"])
        self.network.conditioning.encoder.load_state_dict(imagenet_weights("lite0"), strict=True)
        self.network.to(setting.device)
        self.optimizer = torch.optim.Adam(self.network.parameters(), setting.recipe.rate)
        self.others: dict[str, Any] = {}

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        """The cross-entropy of both channels, and the mean absolute error of the refinement."""
        gray, true = gray_of(lab[:, :1]), chroma_from(srgb_from_linear(linear_from_lab(lab).clamp(0, 1)))
        levels = levels_of(F.avg_pool2d(true, STRIDE))
        with loop.precision(lab.device):
            scores = self.network.pixels(levels, self.network.seen(gray))
            fine = self.network.refined(gray, levels)
        told = [F.cross_entropy(each.float(), levels[:, channel]) for channel, each in enumerate(scores)]
        return {"pixels": torch.stack(told).sum(), "refined": REFINED * F.l1_loss(fine.float(), F.avg_pool2d(true, 2))}

    def answer(self, lightness: Tensor) -> Tensor:
        """As the colorizer does it, on a square."""
        seen = F.interpolate(gray_of(lightness), size=(self._side, self._side), mode="bilinear", antialias=True)
        rgb = self.network.drawn(seen, self._own["temperature"], SEED)
        return lab_from_linear(linear_from_srgb(rgb))[:, 1:]

    def card(self) -> dict[str, Any]:
        return {"side": self._side, **self._own}
