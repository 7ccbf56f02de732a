"""Deep Koalarization: Baldassarre, González Morín & Rodés-Guirao 2017, "Deep Koalarization: Image Colorization using
CNNs and Inception-ResNet-v2" (arXiv 1712.03400).

What Inception-ResNet-v2 sees in the whole picture is put beside what a small encoder sees at every place, and a decoder
paints from both. Inception is timm's; with 1001 classes, as the paper's was, the first being none of ImageNet's. As
the authors prepared theirs, pictures keep their aspect and lie in the middle of white squares.

Nobody published weights. `KoalarizationNetwork.state_dict()` is the layout in which one's own are imported.

Where it differs from the published program: the decoder's last step, which doubles each pixel of ab, is left to our
joint upsampling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional as F

from photochrom.colorizers import exchange
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.runtime import torchvision_operators  # noqa: F401 timm imports torchvision
from photochrom.values import Plane, Prediction

# isort: split
from timm.models.inception_resnet_v2 import InceptionResnetV2

SIDE: Final = 224
"""Of the square that the encoder reads."""

INCEPTION_SIDE: Final = 299
"""Of the square that Inception reads."""

CLASSES: Final = 1001
STEP: Final = 4
"""Pictures lie on the encoder's square in steps of this, so that their edges meet those of pixels of ab."""


class KoalarizationNetwork(nn.Module):
    """Lightness (n, 1, 224, 224) and gray sRGB (n, 1, 299, 299), both -1…1 -> ab (n, 2, 112, 112) -1…1, which stands
    for -127…127 in Lab D65.
    """

    def __init__(self) -> None:
        super().__init__()
        self.inception = InceptionResnetV2(num_classes=CLASSES)
        self.encoder = nn.Sequential(
            *_halving(1, 64),
            *_layer(64, 128),
            *_halving(128, 128),
            *_layer(128, 256),
            *_halving(256, 256),
            *_layer(256, 512),
            *_layer(512, 512),
            *_layer(512, 256),
        )
        self.fusion = nn.Conv2d(256 + CLASSES, 256, 1)
        self.decoder = nn.Sequential(
            *_layer(256, 128),
            nn.Upsample(scale_factor=2),
            *_layer(128, 64),
            *_layer(64, 64),
            nn.Upsample(scale_factor=2),
            *_layer(64, 32),
            nn.Conv2d(32, 2, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, lightness: torch.Tensor, gray: torch.Tensor) -> torch.Tensor:
        local = self.encoder(lightness)
        seen = self.inception(gray.expand(-1, 3, -1, -1))
        everywhere = seen[..., None, None].expand(-1, -1, *local.shape[-2:])
        fused = self.fusion(torch.cat([local, everywhere], 1)).relu()
        ab: torch.Tensor = self.decoder(fused)
        return ab


def _layer(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()


def _halving(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """TensorFlow pads an even side at its end alone."""
    return nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(inputs, outputs, 3, stride=2), nn.ReLU()


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network, Inception within it."""
    return {"weights": Network(KoalarizationNetwork)}


class Koalarization:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, its long side 112 at most."""
        gray = exchange.gray_planes(lightness)
        placed, (top, left, rows, columns) = contained(gray, SIDE, STEP)
        seen, _ = contained(gray, INCEPTION_SIDE, 1)
        read = torch.from_numpy(exchange.lightness_from_gray(placed.numpy())) / 50 - 1
        painted = 127 * self._network(read, 2 * seen - 1)
        cut = painted[..., top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
        ab = exchange.at_proxy(cut, lightness)
        return Prediction(ab)


def open_model(card: Card) -> Koalarization:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Koalarization(card)


def contained(gray: torch.Tensor, side: int, step: int) -> tuple[torch.Tensor, tuple[int, int, int, int]]:
    """Gray (n, 1, h, w) 0…1 -> (n, 1, side, side) with the picture as large as it fits, in the middle of white; and
    top, left, rows and columns of where it lies. All four are even where `step` is 4 and `side` a multiple of it."""
    height, width = gray.shape[-2:]
    factor = side / max(height, width)
    rows, columns = (max(step, round(length * factor / step) * step) for length in (height, width))
    top, left = (side - rows) // 2, (side - columns) // 2
    small = exchange.squash(gray, (rows, columns), "bilinear", antialias=True)
    white = (left, side - columns - left, top, side - rows - top)
    return F.pad(small, white, value=1.0), (top, left, rows, columns)
