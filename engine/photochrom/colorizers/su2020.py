"""Su, Chu & Huang 2020, "Instance-aware Image Colorization" (CVPR, arXiv 2005.10825).

A detector finds objects; each is colored alone, in its own square, and its features are woven into those of the
whole picture. Without objects, a network for whole pictures is used alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import numpy as np
import torch

from photochrom.colorizers import conversions, su2020_detector
from photochrom.colorizers.su2020_network import LAYERS, Box, Fusion, Piece
from photochrom.colorizers.zhang2016 import squared
from photochrom.colorizers.zhang2016_network import AB_SCALE, centered, with_batch_counts
from photochrom.colorizers.zhang2017 import no_hints
from photochrom.colorizers.zhang2017_network import Zhang2017
from photochrom.models import Card
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Plane, Prediction

MASK_CENTER: Final = 0.5
"""The networks take the hint mask minus this; there are no hints in them."""

_PARALLEL: Final = "module."
_UNUSED: Final = "weight_layerout."


class Su2020Colorizer:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._side = int(card.details["side"])
        opened = {name: open_network(card, name, network) for name, network in networks(card.details).items()}
        self._detector = opened["detector"]
        self._instance, self._whole = cast(Zhang2017, opened["instance"]), cast(Zhang2017, opened["whole"])
        self._fusion = cast(Fusion, opened["fusion"])

    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab of the networks' square, or smaller where the proxy is."""
        with torch.inference_mode():
            found = su2020_detector.boxes(self._detector, lightness)
            ab = conversions.at_proxy(self.color(lightness, found) * AB_SCALE, lightness)
        return Prediction(ab)

    @torch.inference_mode()
    def color(self, lightness: Plane, found: Sequence[Box]) -> torch.Tensor:
        """Lightness (h, w) 0…100 and the boxes of its objects -> ab (1, 2, side, side), -1…1, under D65."""
        planes = self._planes(lightness)
        if not found:
            return self._whole.forward(planes)[0]
        height, width = lightness.shape
        pieces: defaultdict[str, list[Piece]] = defaultdict(list)
        for box in found:
            # One object after the other, and of each only what its box needs: memory stays small.
            cells = {layer: box.on(width, height, self._side // step) for layer, (_, _, step) in LAYERS.items()}
            self._instance.forward(self._planes(lightness[box.cut]), partial(self._keep, pieces, cells))

        def fuse(layer: str, features: torch.Tensor) -> torch.Tensor:
            return self._fusion.fuse(layer, features, pieces[layer])

        return self._fusion.forward(planes, fuse)[0]

    def _keep(
        self, pieces: Mapping[str, list[Piece]], cells: Mapping[str, Box], layer: str, features: torch.Tensor
    ) -> torch.Tensor:
        pieces[layer].append(self._fusion.piece(layer, features, cells[layer]))
        return features

    def _planes(self, lightness: Plane) -> torch.Tensor:
        given = no_hints(self._side)
        given[:, 2] -= MASK_CENTER
        return torch.cat([centered(squared(np.ascontiguousarray(lightness), self._side, "bilinear")), given], 1)


def open_model(card: Card) -> Su2020Colorizer:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Su2020Colorizer(card)


def networks(_details: Mapping[str, Any]) -> dict[str, Network]:
    """The detector, and the three of checkpoints.zip, folder coco_finetuned_mask_256_ffs: latest_net_G.pth for single
    objects, latest_net_GF.pth for the fusion, latest_net_GComp.pth for whole pictures."""
    return {
        "detector": Network(su2020_detector.build, su2020_detector.adapt),
        "instance": Network(Zhang2017, adapt),
        "fusion": Network(Fusion, adapt),
        "whole": Network(Zhang2017, adapt),
    }


def adapt(tensors: Tensors) -> Tensors:
    """Some were saved from a parallel wrapper, which put "module." before all names. One weighing module was never
    used."""
    bare = {name.removeprefix(_PARALLEL): tensor for name, tensor in tensors.items()}
    return with_batch_counts({name: tensor for name, tensor in bare.items() if not name.startswith(_UNUSED)})
