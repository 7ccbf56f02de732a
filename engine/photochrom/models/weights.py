"""Weights in the store: safetensors."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from photochrom.models.networks import Tensors


def write_weights(tensors: Tensors, path: Path) -> None:
    """Writes a network's state dict.

    Raises:
        OSError: it cannot be written.
    """
    own: dict[str, torch.Tensor] = {}
    places: set[int] = set()
    for name, tensor in tensors.items():
        whole = tensor.detach().contiguous()
        # safetensors refuses tensors that share memory. Only those are copied: the largest networks barely fit twice.
        own[name] = whole.clone() if whole.data_ptr() in places else whole
        places.add(whole.data_ptr())
    try:
        save_file(own, path)
    except SafetensorError as error:
        raise OSError(None, str(error), str(path)) from error
