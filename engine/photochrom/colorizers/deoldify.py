"""DeOldify: Jason Antic 2018, github.com/jantic/DeOldify. A U-Net paints the gray picture in RGB; its chroma is kept.

Where it differs from the published pipeline: pictures are never cut to 8 bit on the way, and chroma is put over the
gray at the network's size instead of at full size, which is left to our joint upsampling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.deoldify_network import adapt, artistic, stable
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

RENDERED: Final = 16
"""Pixels of the network's side for one step of the published render factor."""

MEAN: Final = (0.485, 0.456, 0.406)
DEVIATION: Final = (0.229, 0.224, 0.225)
"""Of ImageNet's pixels, sRGB 0…1."""

LUMA: Final = (0.299, 0.587, 0.114)
"""ITU-R BT.601."""


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """`details["design"]` is "artistic" or "stable"."""
    return {"weights": Network({"artistic": artistic, "stable": stable}[details["design"]], adapt)}


class DeOldify:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = RENDERED * int(card.details["render_factor"])
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, side × side at most. As published, the aspect is not kept on the way in."""
        height, width = lightness.shape
        gray = conversions.gray_planes(lightness)
        squashed = conversions.squash(gray, (self._side, self._side), "bilinear", antialias=True)
        mean, deviation = (torch.tensor(three)[:, None, None] for three in (MEAN, DEVIATION))
        painted = self._network((squashed - mean) / deviation) * deviation + mean
        colors = with_luma(painted.clamp(0, 1), squashed)
        ab = torch.from_numpy(conversions.ab_from_srgb(colors[0].movedim(0, -1).numpy()))
        found = conversions.within(ab.movedim(-1, 0)[None], height, width)[0].movedim(0, -1).numpy()
        return Prediction(found)


def with_luma(colors: torch.Tensor, gray: torch.Tensor) -> torch.Tensor:
    """sRGB (n, 3, h, w) with the U and V it has and the Y of gray (n, 1, h, w), cut to 0…1.

    U and V are multiples of B - Y and R - Y: to keep them under another Y moves all three channels by the same.
    """
    luma = (colors * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    return (colors + (gray - luma)).clamp(0, 1)


def open_model(card: Card) -> DeOldify:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return DeOldify(card)
