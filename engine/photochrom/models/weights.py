"""Weights as they lie in the store: safetensors."""

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
    # safetensors wants tensors that are contiguous and share no memory.
    own = {name: tensor.detach().clone(memory_format=torch.contiguous_format) for name, tensor in tensors.items()}
    try:
        save_file(own, path)
    except SafetensorError as error:
        raise OSError(None, str(error), str(path)) from error
