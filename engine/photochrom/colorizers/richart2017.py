"""Richart, Visca & Baliosian 2017, "Image Colorization with Neural Networks" (WVC).

A self-organizing map reduces the chroma of CIELUV to nine colors, and a perceptron with one hidden layer tells from the
grays around a pixel which of them it has. The smallest network of all: a patch is all that it sees.

Only what the review of deep colorization says of it (section 2 A) could be read: the size of the patch and of the
hidden layer, which it does not name, are on the card. The white of CIELUV is D50 here, as that of all our Lab.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

import torch
from torch import nn

from photochrom.colorizers import conversions
from photochrom.image.lab import WHITE
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

NEURONS: Final = (3, 3)
"""Of the self-organizing map; each is a color."""

_X, _Y, _Z = (float(value) for value in WHITE)
_WHITE_U: Final = 4 * _X / (_X + 15 * _Y + 3 * _Z)
_WHITE_V: Final = 9 * _Y / (_X + 15 * _Y + 3 * _Z)
_KAPPA: Final = 24389 / 27


class Richart2017Network(nn.Module):
    """L* (n, 1, h, w) 0…100 -> a score for each color (n, 9, h, w).

    The perceptron slides over the picture as a convolution; beyond the edges it sees their pixels again. The buffer
    `palette` (9, 2) has the colors' u* and v*.
    """

    palette: torch.Tensor

    def __init__(self, patch: int, hidden: int) -> None:
        super().__init__()
        colors = NEURONS[0] * NEURONS[1]
        self.pad = nn.ReplicationPad2d(patch // 2)
        self.hidden = nn.Conv2d(1, hidden, patch)
        self.last = nn.Conv2d(hidden, colors, 1)
        self.register_buffer("palette", torch.zeros(colors, 2))

    def forward(self, lightness: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.last(self.hidden(self.pad(lightness / 50 - 1)).sigmoid())
        return scores


def chosen(scores: torch.Tensor, palette: torch.Tensor, temperature: float | None) -> torch.Tensor:
    """Scores (n, 9, h, w) -> u* and v* (n, 2, h, w): the most probable color, as in the paper; with a temperature, the
    mean of the sharpened distribution instead (Zhang et al. 2016, eq. 5)."""
    if temperature is None:
        return palette[scores.argmax(1)].movedim(-1, 1)
    return torch.einsum("nkhw,kc->nchw", (scores / temperature).softmax(1), palette)


def uv_from_lab(lab: torch.Tensor) -> torch.Tensor:
    """L, a, b (n, 3, h, w) -> u* and v* (n, 2, h, w) of CIELUV (CIE 15:2018, section 8.2.2)."""
    lightness, a, b = lab.unbind(1)
    f = (lightness + 16) / 116
    x, y, z = (_from_f(each) * white for each, white in ((f + a / 500, _X), (f, _Y), (f - b / 200, _Z)))
    total = (x + 15 * y + 3 * z).clamp(min=1e-9)
    uv = torch.stack([4 * x / total - _WHITE_U, 9 * y / total - _WHITE_V], 1)
    return torch.where(lightness[:, None] > 0, 13 * lightness[:, None] * uv, 0)


def ab_from_uv(lightness: torch.Tensor, uv: torch.Tensor) -> torch.Tensor:
    """L* (n, 1, h, w) and u*, v* (n, 2, h, w) -> a, b (n, 2, h, w) of the same color; black has none."""
    tone = lightness[:, 0]
    scale = 13 * tone.clamp(min=1e-6)
    u = uv[:, 0] / scale + _WHITE_U
    v = (uv[:, 1] / scale + _WHITE_V).clamp(min=1e-3)
    f = (tone + 16) / 116
    y = _from_f(f) * _Y
    x, z = 9 * u * y / (4 * v), (12 - 3 * u - 20 * v) * y / (4 * v)
    a, b = 500 * (_f(x / _X) - f), 200 * (f - _f(z / _Z))
    return torch.where(lightness > 0, torch.stack([a, b], 1), 0)


def _from_f(f: torch.Tensor) -> torch.Tensor:
    return torch.where(f > 6 / 29, f**3, (116 * f - 16) / _KAPPA)


def _f(ratio: torch.Tensor) -> torch.Tensor:
    """A color outside all light has a negative ratio, which stays on the straight part."""
    return torch.where(ratio > (6 / 29) ** 3, ratio.clamp(min=1e-9) ** (1 / 3), (_KAPPA * ratio + 16) / 116)


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """The perceptron, the map's colors beside it."""
    return {"weights": Network(partial(Richart2017Network, details["patch"], details["hidden"]))}


class Richart2017:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._network = cast(Richart2017Network, open_network(card, "weights", networks(card.details)["weights"]))

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, its short side the card's `side` at most: what a patch shows depends on the
        scale."""
        gray = conversions.gray_planes(lightness)
        factor = min(1.0, self._side / min(lightness.shape))
        rows, columns = (max(1, round(length * factor)) for length in lightness.shape)
        seen = conversions.squash(gray, (rows, columns), "bilinear", antialias=True)
        tones = torch.from_numpy(conversions.lightness_from_gray(seen.numpy()))
        uv = chosen(self._network(tones), self._network.palette, self.card.details["temperature"])
        return Prediction(conversions.painted(ab_from_uv(tones, uv), lightness))


def open_model(card: Card) -> Richart2017:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Richart2017(card)
