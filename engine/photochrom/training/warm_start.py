"""Starts training from a shipped model, whose weights are recovered from its OpenVINO files.

The converter folds each batch normalization into the preceding convolution, and stores 16-bit floats. The folded layers
are recovered from a sample of inputs: the convolution's filters are rescaled to the norm of a fresh initialization,
and the normalization gets the statistics of its input, with the scale and shift that preserve the function.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from photochrom import models
from photochrom.training.network import ColorNetwork


def holds_model(folder: Path) -> bool:
    """Whether `folder` contains a model (card and network) and not a training run."""
    return (folder / "card.json").is_file()


def classes_of(folder: Path) -> dict[str, Any]:
    """The color classes ("bins") of the model in `folder`, and the SHA-256 of its weights ("model")."""
    card = models.read_card(folder / "card.json")
    return {"bins": card.details["bins"], "model": card.files["lite.bin"]}


def read_back(folder: Path, network: ColorNetwork, inputs: Tensor) -> None:
    """Loads the weights of the model in `folder` into `network`, which then computes the same in evaluation mode.

    inputs: (N, 4, H, W) network inputs; with more of them, the statistics come closer to those of training.

    Raises:
        ModelDamaged: its files do not match the card.
        KeyError: the model has another architecture than `network`.
    """
    card = models.read_card(folder / "card.json")
    card.file("lite.bin")
    kept = _constants(card.file("lite.xml"))
    modules = dict(network.named_modules())
    convolution: nn.Module | None = None
    restored = []
    for name, module in modules.items():
        if isinstance(module, nn.Conv2d) and module.bias is None:
            convolution = module
        elif isinstance(module, nn.BatchNorm2d):
            assert isinstance(convolution, nn.Conv2d)
            weight, bias = kept[name]
            restored.append(_restore(convolution, module, weight, bias))
        elif isinstance(module, nn.Conv2d | nn.Linear | nn.LayerNorm):
            weight, bias = kept[name]
            with torch.no_grad():
                module.weight.copy_(weight.reshape(module.weight.shape))
                assert module.bias is not None
                module.bias.copy_(bias.reshape(module.bias.shape))
    network.eval()
    with torch.no_grad():
        network(inputs)
    for hook in restored:
        hook.remove()


def _restore(convolution: nn.Conv2d, norm: nn.BatchNorm2d, weight: Tensor, bias: Tensor) -> Any:
    """Sets the filters now, and the normalization on the first input, through the hook that is returned."""
    weight, bias = weight.reshape(convolution.weight.shape), bias.flatten()
    length = weight.flatten(1).norm(dim=1)
    # He et al. 2015 initialize filters to norm √2; before a normalization, the norm only affects the learning rate.
    scale = torch.where(length > 1e-6, length / 2**0.5, torch.ones_like(length))
    with torch.no_grad():
        convolution.weight.copy_(weight / scale.reshape(-1, 1, 1, 1))

    def measure(_: nn.Module, given: tuple[Tensor]) -> None:
        mean, variance = given[0].mean((0, 2, 3)), given[0].var((0, 2, 3), unbiased=False)
        with torch.no_grad():
            assert norm.running_mean is not None and norm.running_var is not None
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_(scale * (variance + norm.eps).sqrt())
            norm.bias.copy_(bias + scale * mean)

    return norm.register_forward_pre_hook(measure)


def _constants(path: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """Weight and bias of each layer, by the name of the module whose output they produce."""
    from photochrom.runtime.inference import openvino

    found = {}
    for operation in openvino.Core().read_model(path).get_ordered_ops():
        name = operation.get_friendly_name()
        if operation.get_type_name() != "Add" or not name.startswith("__module."):
            continue
        bias = _constant(operation.input_value(1).get_node())
        before = operation.input_value(0).get_node()
        weight = _constant(before.input_value(1).get_node()) if before.get_input_size() > 1 else None
        if weight is not None and bias is not None:
            found[name.removeprefix("__module.").split("/")[0]] = (weight, bias)
    return found


def _constant(node: Any) -> Tensor | None:
    while node.get_type_name() in ("Convert", "Reshape"):
        node = node.input_value(0).get_node()
    return torch.from_numpy(node.data.astype("float32")) if node.get_type_name() == "Constant" else None
