import json

import pytest
import safetensors.torch
import torch
from photochrom.errors import CheckpointRefused


def test_names_and_numbers_come_back(read):
    state = {"b.weight": torch.randn(2, 3), "a": torch.arange(3)}
    found = read(safetensors.torch.save(state, {"format": "pt"}))
    assert set(found) == set(state)
    assert all(torch.equal(found[name], tensor) for name, tensor in state.items())


@pytest.mark.parametrize(
    "header",
    [
        {"w": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}},
        {"w": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 4]}},
        {
            "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
            "v": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
        },
        {"w": {"dtype": "PICKLE", "shape": [1], "data_offsets": [0, 4]}},
    ],
    ids=["giant", "too short", "shared bytes", "unknown kind"],
)
def test_headers_that_cannot_be_are_refused(read, header):
    text = json.dumps(header).encode()
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(len(text).to_bytes(8, "little") + text + bytes(4))
