"""Weights as they are written to the store."""

import pytest
import torch
from photochrom.models.weights import write_weights
from safetensors.torch import load_file


def test_tensors_come_back_however_they_lay_in_memory(tmp_path):
    block = torch.arange(24.0).reshape(2, 3, 4)
    tensors = {
        "first": block[0],
        "second": block[1],
        "tied": block[0],
        "transposed": block.transpose(0, 2),
        "count": torch.tensor(3),
        "learnt": torch.nn.Parameter(torch.ones(2)),
    }
    write_weights(tensors, tmp_path / "x.safetensors")
    found = load_file(tmp_path / "x.safetensors")
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert torch.equal(found[name], tensor)
        assert found[name].dtype == tensor.dtype


def test_no_room_is_an_error_of_the_file_system(tmp_path, full_disk):
    with full_disk(1000), pytest.raises(OSError, match="File too large"):
        write_weights({"x": torch.zeros(1000)}, tmp_path / "x.safetensors")
