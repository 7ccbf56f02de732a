"""What the embedded colorizer's network sees in a picture, as features for the clicked objects (`clicks`).

The network has learned which surfaces have the same color: its features tell cloth from skin of the same tone. Only
distances between features of one picture are used, which another training of the network does not change much.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from photochrom import models
from photochrom.colorizers.lite import inputs, padded
from photochrom.colorizers.lite_maps import joined, refined
from photochrom.models import Card
from photochrom.models.loaded import LOADED
from photochrom.sampling.resize import stretched
from photochrom.values import Plane

EMBEDDED: Final = "lite"
"""The network's name."""

CELL: Final = 4
"""Pixels a side of a cell of the features."""

NAMES: Final = ("color", "quarter", "eighth", "sixteenth", "deep", "middle", "fine")
"""The maps: the experts' colors; of the encoder, at 1/4, 1/8 and 1/16; of the decoder, at 1/16, 1/8 and 1/4."""

_JOINED: Final = {"quarter": "join_quarter", "eighth": "join_eighth", "sixteenth": "join_sixteenth"}
"""The modules of the network that an encoder's map enters, joined to the decoder's."""

_REFINED: Final = {"deep": "join_sixteenth", "middle": "join_eighth", "fine": "refine_quarter"}
"""The modules that a decoder's map leaves."""


class Trunk:
    """The network up to its features, compiled beside the one that colorizes. Thread-safe."""

    def __init__(self, card: Card) -> None:
        from photochrom.runtime.inference import opened

        self._compiled = opened(card, "lite", _cut, repr(NAMES))

    def maps(self, lightness: Plane) -> list[Plane]:
        """Lightness (h, w) 0…100 -> the maps of `NAMES` (cells down, cells across, channels), of `CELL` pixels a cell;
        they reach a little beyond the picture's right and lower border."""
        planes = padded(inputs(lightness))
        found = self._compiled.create_infer_request().infer([planes]).to_tuple()
        down, across = (side // CELL for side in planes.shape[2:])
        last = [np.moveaxis(each.reshape(-1, *each.shape[-2:]), 0, -1) for each in found]
        color, *rest = (np.ascontiguousarray(each) for each in last)
        # The experts' colors come at half of the size.
        color = color.reshape(down, 2, across, 2, -1, 2).mean((1, 3, 4))
        return [color, *(each if each.shape[:2] == (down, across) else stretched(each, down, across) for each in rest)]


def trunk() -> Trunk:
    """The trunk of the embedded network, loaded once (`models.loaded`).

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return LOADED.get("trunk", EMBEDDED, _opened)


def _opened() -> tuple[Trunk, int]:
    card = next(card for card in models.shipped() if card.name == EMBEDDED)
    return Trunk(card), card.size


def _cut(network: Any) -> Any:
    """The network with the maps of `NAMES` as outputs."""
    from openvino import opset11 as ops

    from photochrom.runtime.inference import openvino

    found = refined(network)
    experts = network.outputs[1].get_node().input_value(0)
    encoder = [joined(found[module]) for module in _JOINED.values()]
    decoder = [found[module].output(0) for module in _REFINED.values()]
    results = [ops.result(each) for each in (experts, *encoder, *decoder)]
    return openvino.Model(results, network.get_parameters(), "trunk")
