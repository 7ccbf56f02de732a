"""Deep Koalarization: Baldassarre, González Morín & Rodés-Guirao 2017, "Deep Koalarization: Image Colorization using
CNNs and Inception-ResNet-v2" (arXiv 1712.03400); and IIT Guwahati's report "Image Colorization", its network with other
layers.

What Inception-ResNet-v2 sees in the whole picture is put beside what a small encoder sees at every place, and a decoder
paints from both. As the authors prepared theirs, pictures keep their aspect and lie in the middle of white squares.

Nobody published weights: `photochrom train koalarization` and `photochrom train iitg` make them.

Where it differs from the published programs: the decoder's last step, which doubles each pixel of ab, is left to our
joint upsampling; and the card says which embedding it is (`embedding.EMBEDDINGS`) and how large the square.

The report's text and tables do not agree. Sections 6.6 and 6.8 are Baldassarre's sentences: kernels of 3 × 3, strides
of 2, an encoder that returns 512 channels. Table 1 has kernels of 4 × 4, pooling instead of strides, and 256 channels;
with that, and only with that, the fusion reads 1257 = 256 + 1001 channels, as section 6.8 says. The tables are
followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import torch
from torch.nn import functional as F

from photochrom.colorizers import conversions
from photochrom.colorizers.embedding import EMBEDDINGS
from photochrom.colorizers.fusion_network import POOL, UP, Conv, FusionNetwork, Layers
from photochrom.models import Card
from photochrom.models.networks import Network, open_network
from photochrom.values import Plane, Prediction

STEP: Final = 4
"""Pictures lie on the encoder's square in steps of this, so that their edges meet those of pixels of ab."""

BALDASSARRE: Final = Layers(
    encoder=(
        *(Conv(64, stride=2), Conv(128)),
        *(Conv(128, stride=2), Conv(256)),
        *(Conv(256, stride=2), Conv(512), Conv(512), Conv(256)),
    ),
    fusion=Conv(256, 1),
    decoder=(Conv(128), UP, Conv(64), Conv(64), UP, Conv(32), Conv(2)),
)
"""Section 3 of the paper, table 1."""

GUWAHATI: Final = Layers(
    encoder=(
        *(Conv(128), POOL),
        *(Conv(128, 4), Conv(128), POOL),
        *(Conv(256, 4), Conv(256), POOL),
        *(Conv(256, 4), Conv(256), Conv(256)),
    ),
    fusion=Conv(256, 1),
    decoder=(Conv(128), Conv(64), UP, Conv(128), UP, Conv(64, 4), Conv(64), Conv(32, 2), Conv(2)),
)
"""The report's tables 1, 2 and 3."""

LAYERS: Final = {"baldassarre": BALDASSARRE, "guwahati": GUWAHATI}
"""By the names that cards use."""

AB_SCALE: Final = 127
"""What the output 1 stands for."""


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network, its embedding within it."""
    return {"weights": Network(partial(FusionNetwork, LAYERS[details["layers"]], details["embedding"]))}


class Koalarization:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        self._seen_side = EMBEDDINGS[card.details["embedding"]].side
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, its long side half of the square's at most."""
        gray = conversions.gray_planes(lightness)
        placed, (top, left, rows, columns) = contained(gray, self._side, STEP)
        seen, _ = contained(gray, self._seen_side, 1)
        read = torch.from_numpy(conversions.lightness_from_gray(placed.numpy())) / 50 - 1
        ab = AB_SCALE * self._network(read, 2 * seen - 1)
        cut = ab[..., top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
        return Prediction(conversions.painted(cut, lightness))


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
    small = conversions.squash(gray, (rows, columns), "bilinear", antialias=True)
    white = (left, side - columns - left, top, side - rows - top)
    return F.pad(small, white, value=1.0), (top, left, rows, columns)
