"""DeepColor: "DeepColor: Automatic Colorization of Gray scale Images", a base network and three smaller ones, over an
embedding by Inception-ResNet-v2.

The networks are those of the paper's figures 4, 6, 8 and 10. All counts of parameters printed there follow from the
layers, and so do both totals, 3,509,522 (figure 6) and 1,223,314 (figure 8). Figures 4 and 10 print none; they would be
6,606,994 and 249,170. Where the paper does not add up:

- Figures 4 and 8 number their layers from the same input ("input_9") and both have a conv2d_240 to conv2d_250, with
  other shapes: they are of different sessions. Figures 6 and 10, likewise, both start at conv2d_203.
- The embedding has 1000 classes here, 1001 in the paper that it follows (Baldassarre et al. 2017).
- Figure 12's caption says that it is of learning rate 0.01, the text 0.001; figure 21's says 0.0001, the text 0.00001.
  The best learning rate is 0.0001 in the conclusion, with the accuracy of 56.8752 %, and 0.001 where pictures are
  judged.
- What "accuracy" is, for two numbers a pixel, is not said. (Keras then counts how often the larger of a and b is the
  truly larger one.)

The listings (figures 5, 7, 9, 11) cannot be read, so the activations are not known: ReLU and, at the end, tanh are
taken from Baldassarre et al. The paper reads squares of 224; convolutions read any size, so here pictures keep their
aspect. The decoder's last step, which doubles each pixel of ab, is left to our joint upsampling.

Nobody published weights: `photochrom train deepcolor` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import torch

from photochrom.colorizers import conversions
from photochrom.colorizers.embedding import EMBEDDINGS
from photochrom.colorizers.fusion_network import UP, Conv, FusionNetwork, Layer, Layers
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

MULTIPLE: Final = 8
"""The encoder halves its input three times."""

MOST: Final = 4
"""The long side of what the encoder reads, in short sides: a strip is squeezed to this."""

AB_SCALE: Final = 128
"""What the output 1 stands for."""

_DECODER: Final[tuple[Layer, ...]] = (
    Conv(256, 1), Conv(128), UP, Conv(64), UP, Conv(32), Conv(16), Conv(2)
)  # fmt: skip
"""Of all but architecture 3; its first convolution, 1256 -> 256, is the fusion."""

ARCHITECTURES: Final = {
    "base": Layers(
        encoder=(
            *(Conv(64, stride=2), Conv(128), Conv(128, stride=2), Conv(256), Conv(256, stride=2)),
            *(Conv(512), Conv(512), Conv(256)),
        ),
        fusion=Conv(256, 1),
        decoder=_DECODER,
    ),
    "1": Layers(
        encoder=(Conv(64, stride=2), Conv(128, stride=2), Conv(256, stride=2), Conv(512), Conv(256)),
        fusion=Conv(256, 1),
        decoder=_DECODER,
    ),
    "2": Layers(
        encoder=(Conv(64, stride=2), Conv(64, stride=2), Conv(64, stride=2), Conv(128), Conv(256)),
        fusion=Conv(256, 1),
        decoder=_DECODER,
    ),
    "3": Layers(
        encoder=(Conv(64, stride=2), Conv(64, stride=2), Conv(32, stride=2), Conv(64), Conv(64)),
        fusion=Conv(64, 1),
        decoder=(Conv(64), UP, Conv(32), UP, Conv(32), Conv(16), Conv(2)),
    ),
}
"""Figures 4, 6, 8 and 10."""


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network, its embedding within it."""
    return {"weights": Network(partial(FusionNetwork, ARCHITECTURES[details["architecture"]], details["embedding"]))}


class DeepColor:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._seen_side = EMBEDDINGS[card.details["embedding"]].side
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, its short side about half of the card's `side` at most."""
        gray = conversions.gray_planes(lightness)
        read = conversions.squash(gray, size_to_read(lightness.shape, self._side), "bilinear", antialias=True)
        seen = conversions.squash(gray, (self._seen_side, self._seen_side), "bilinear", antialias=True)
        tones = torch.from_numpy(conversions.lightness_from_gray(read.numpy())) / 50 - 1
        ab = conversions.painted(AB_SCALE * self._network(tones, 2 * seen - 1), lightness)
        return Prediction(ab)


def open_model(card: Card) -> DeepColor:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return DeepColor(card)


def size_to_read(size: tuple[int, ...], side: int) -> tuple[int, int]:
    """The size, in multiples of 8, at which the encoder reads a picture (h, w): its short side about `side`."""
    height, width = size
    factor = side / min(height, width)
    rows, columns = (
        round(min(length * factor, MOST * side) / MULTIPLE) * MULTIPLE or MULTIPLE for length in (height, width)
    )
    return rows, columns
