"""Layers of Keras' files as torch has them: kernels turned, variables renamed, layers of a kind in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch

from photochrom.models.networks import Tensors

Layers = Mapping[str, Tensors]
"""A layer's name -> its variables, by name."""


def by_layer(tensors: Tensors) -> Layers:
    """Keras' LAYER/VARIABLE, LAYER within whatever models it lies in -> its layers."""
    layers: dict[str, dict[str, torch.Tensor]] = {}
    for path, tensor in tensors.items():
        *_, layer, variable = path.split("/")
        layers.setdefault(layer, {})[variable.partition(":")[0]] = tensor
    return layers


def numbered(kind: str, layers: Layers) -> list[Tensors]:
    """The layers of a kind by their number: KIND, KIND_1, KIND_2, …"""
    found = {match: values for layer, values in layers.items() if (match := re.fullmatch(rf"{kind}(?:_(\d+))?", layer))}
    return [found[match] for match in sorted(found, key=lambda match: int(match[1] or 0))]


def convolution(name: str, values: Tensors) -> dict[str, torch.Tensor]:
    """Kernel (h, w, in, out), with or without a bias -> weight (out, in, h, w) and bias of torch's layer `name`."""
    adapted = {f"{name}.weight": values["kernel"].permute(3, 2, 0, 1).contiguous()}
    return adapted | ({f"{name}.bias": values["bias"]} if "bias" in values else {})


def dense(name: str, values: Tensors) -> dict[str, torch.Tensor]:
    """Kernel (in, out) -> weight (out, in), and the bias."""
    return {f"{name}.weight": values["kernel"].T.contiguous(), f"{name}.bias": values["bias"]}


def norm(name: str, values: Tensors) -> dict[str, torch.Tensor]:
    """A batch normalization; without a scale (Keras' `scale=False`) its weights are ones."""
    return {
        f"{name}.weight": values.get("gamma", torch.ones_like(values["beta"])),
        f"{name}.bias": values["beta"],
        f"{name}.running_mean": values["moving_mean"],
        f"{name}.running_var": values["moving_variance"],
        f"{name}.num_batches_tracked": torch.tensor(0),
    }
