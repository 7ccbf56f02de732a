"""Hensman & Aizawa 2017, "cGAN-based Manga Colorization Using a Single Training Image" (ICDAR workshops, arXiv
1706.06918).

A conditional adversarial network learns from one picture in color (`training.hensman2017`) and colors others like it.
Its colors are blurred and leak, so they are only asked for a color for each area between lines: screentones are blurred
away, the picture is cut by a trapped ball, each area gets the mean of its colors, more saturated, and if wished the
nearest of the reference's few colors. The paper's last step, shading from the tones, is the photograph's lightness.

Only what the review of deep colorization says of it (section 2 H) could be read. Lines are black in manga; here they
are where lightness changes steeply.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from photochrom.colorizers import conversions
from photochrom.colorizers.trapped_ball import lines_of, segmented
from photochrom.colorizers.unet import UNet
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Labels, Plane, Prediction

STEEPNESS: Final = 4.0
"""L* a pixel, from which on a place is a line."""


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """The generator; the discriminator is needed in training alone."""
    return {"weights": Network(partial(UNet, details["width"]))}


class Hensman2017:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side, self._blur = int(card.details["side"]), float(card.details["blur"])
        self._balls, self._saturation = card.details["balls"], float(card.details["saturation"])
        self._palette = np.array(card.details["palette"], np.float32).reshape(-1, 2)
        self._network = cast(UNet, open_network(card, "weights", networks(card.details)["weights"]))

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab (h, w), even within each area."""
        smooth = ndimage.gaussian_filter(lightness, self._blur, mode="nearest")
        leaking = self._network.painted(conversions.gray_planes(smooth), self._side)
        leaking = conversions.squash(leaking, lightness.shape[:2], "bilinear", antialias=True)
        areas = segmented(lines_of(smooth, STEEPNESS), self._balls)
        return Prediction(evened(conversions.painted(leaking, lightness), areas, self._saturation, self._palette))


def open_model(card: Card) -> Hensman2017:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Hensman2017(card)


def evened(ab: Plane, areas: Labels, saturation: float, palette: NDArray[np.float32]) -> Plane:
    """ab (h, w, 2) -> the same, each area in its mean color times `saturation`, or in the nearest of `palette` (n, 2)
    if it has any."""
    numbers, place = np.unique(areas, return_inverse=True)
    means = np.stack([ndimage.mean(ab[..., channel], areas, numbers) for channel in (0, 1)], -1) * saturation
    if len(palette):
        means = palette[((means[:, None] - palette) ** 2).sum(-1).argmin(1)]
    even = means[place.reshape(areas.shape)].astype(np.float32)
    return np.clip(even, -conversions.MOST_AB, conversions.MOST_AB)
