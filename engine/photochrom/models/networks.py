"""Published networks: how a system's module describes them, and how they are loaded from the store.

The module of a published system has `networks(details)`: the name of each of its networks -> `Network`; `details` are
those of its card. The weights of network NAME are in the model's folder as NAME.safetensors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from safetensors.torch import load_file
from torch import nn

from photochrom.errors import ModelDamaged
from photochrom.models import Card

Tensors = Mapping[str, torch.Tensor]


def unchanged(tensors: Tensors) -> Tensors:
    """For checkpoints whose tensors have our names and shapes already."""
    return tensors


@dataclass(frozen=True)
class Network:
    """One network of a published system.

    `build` creates it with random weights. `adapt` turns the tensors of its checkpoint, named and shaped as published,
    into the network's own state dict; for another checkpoint, it raises KeyError or returns other names.
    """

    build: Callable[[], nn.Module]
    adapt: Callable[[Tensors], Tensors] = unchanged

    def layout(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape of all its tensors."""
        with torch.device("meta"):
            module = self.build()
        return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


def open_network(card: Card, name: str, network: Network) -> nn.Module:
    """The network with its weights from the store, ready to infer.

    Raises:
        ModelDamaged: the file is missing, is not the one on the card, or does not fit the network.
    """
    path = card.file(f"{name}.safetensors")
    with torch.device("meta"):
        module = network.build()
    try:
        module.load_state_dict(load_file(path), strict=True, assign=True)
    except (RuntimeError, ValueError) as error:
        raise ModelDamaged(f"{path} does not fit the network of {card.name}: {error}") from error
    return module.eval().requires_grad_(False)
