"""Features of the embedded colorizer's encoder, by which regions of two pictures are compared.

They are the two maps, at 1/8 and 1/16, that the encoder passes to the decoder (`photochrom.training.network`). Only
this part of the network is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from photochrom import models
from photochrom.colorizers.lite import inputs, padded
from photochrom.colorizers.lite_maps import joined, refined
from photochrom.errors import ModelDamaged, ModelMissing
from photochrom.models.loaded import LOADED
from photochrom.sampling.resize import stretched

if TYPE_CHECKING:
    from photochrom.models import Card
    from photochrom.values import Plane

MODEL: Final = "lite"

CELL: Final = 8
"""Side in pixels of the square that a feature stands for."""

JOINS: Final = ("join_eighth", "join_sixteenth")
"""The decoder's stages that the encoder's maps at 1/8 and 1/16 enter."""


@dataclass(frozen=True)
class Features:
    """For each cell of a picture: `fine` (h, w, channels), texture and edges; `coarse` (h, w, channels), the object
    that it is part of."""

    fine: Plane
    coarse: Plane


def features(lightness: Plane) -> Features:
    """Lightness (H, W) 0…100, any size -> the features of its cells, h = ⌈H / 8⌉, w = ⌈W / 8⌉.

    Raises:
        ModelMissing: the embedded colorizer is not installed.
        ModelDamaged: its files differ from its card.
    """
    height, width = lightness.shape
    encoder = LOADED.get("encoder", MODEL, _encoder)
    eighth, sixteenth = encoder.create_infer_request().infer([padded(inputs(lightness))]).values()
    rows, columns = -(-height // CELL), -(-width // CELL)
    fine = np.moveaxis(eighth[0], 0, -1)
    coarse = stretched(np.moveaxis(sixteenth[0], 0, -1), *fine.shape[:2])
    return Features(fine[:rows, :columns].copy(), coarse[:rows, :columns].copy())


def _encoder() -> tuple[Any, int]:
    from photochrom.runtime.inference import compiled, openvino, read

    card = _card()
    network = read(card.file("lite.xml"), card.file("lite.bin"))
    found = refined(network)
    if not found.keys() >= set(JOINS):
        raise ModelDamaged(f"The encoder of {card.name} is not in its network.", "Install Photochrom again.")
    taps = [joined(found[join]) for join in JOINS]
    return compiled(openvino.Model(taps, network.get_parameters())), card.size


def _card() -> Card:
    for card in models.installed("colorizer"):
        if card.name == MODEL:
            return card
    raise ModelMissing(f"{MODEL}, whose encoder compares pictures, is not installed.", "Install Photochrom again.")
