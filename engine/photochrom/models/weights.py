"""Weights as they lie in the store: safetensors, in float32."""

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
    try:
        save_file({name: _own_copy(tensor) for name, tensor in tensors.items()}, path)
    except SafetensorError as error:
        raise OSError(None, str(error), str(path)) from error


def _own_copy(tensor: torch.Tensor) -> torch.Tensor:
    """safetensors wants tensors that are whole and share no memory; networks infer in float32 whatever was published
    (counters stay integers)."""
    kept = torch.float32 if tensor.is_floating_point() else tensor.dtype
    return tensor.detach().to(kept, copy=True, memory_format=torch.contiguous_format)
