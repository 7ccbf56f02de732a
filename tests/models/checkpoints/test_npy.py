"""Arrays of NumPy: read as they are, and nothing run."""

import os

import numpy as np
import pytest
import torch
from photochrom.errors import CheckpointRefused
from photochrom.models import checkpoints


@pytest.mark.parametrize("dtype", ["<i8", ">f4", "<f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_read(tmp_path, dtype, order):
    array = np.arange(12).reshape(4, 3).astype(dtype, order=order)
    np.save(tmp_path / "any", array)
    found = checkpoints.read(tmp_path / "any.npy")
    assert found.keys() == {"array"}
    assert found["array"].dtype == (torch.int64 if array.dtype.kind == "i" else torch.float32)
    assert np.array_equal(found["array"], array)


class Runs:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def test_objects_are_not_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save(tmp_path / "any.npy", np.array([Runs()], dtype=object))
    with pytest.raises(CheckpointRefused):
        checkpoints.read(tmp_path / "any.npy")
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("spoil", ["truncated", "claims more", "text"])
def test_what_is_not_whole_is_refused(tmp_path, spoil):
    path = tmp_path / "any.npy"
    np.save(path, np.array(["a", "b"]) if spoil == "text" else np.ones((100, 2)))
    content = path.read_bytes()
    if spoil == "truncated":
        content = content[:-8]
    if spoil == "claims more":
        content = content.replace(b"(100, 2), }        ", b"(100000000000, 2), }")
        assert b"100000000000" in content
    path.write_bytes(content)
    with pytest.raises(CheckpointRefused, match="damaged or incomplete"):
        checkpoints.read(path)
