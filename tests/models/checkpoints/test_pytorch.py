import collections
import functools
import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
import torch
from photochrom.errors import CheckpointRefused
from photochrom.models.checkpoints.pytorch import PICKLE

from .writers import pytorch

both = pytest.mark.parametrize("zipped", [True, False])
STATE = {"conv.weight": torch.arange(4.0), "bn.num_batches_tracked": torch.tensor(3)}


class Harm:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


class Own:
    pass


def packed(state: bytes, **others: bytes) -> bytes:
    """A PyTorch archive around a pickle."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in {"data.pkl": state, "version": b"3\n", **others}.items():
            archive.writestr(f"archive/{name}", content)
    return memory.getvalue()


@both
@pytest.mark.parametrize(
    "content",
    [
        STATE,
        collections.OrderedDict(STATE),
        {"params": STATE},
        {"params": {"conv.weight": torch.zeros(9)}, "params_ema": STATE},
        {"state_dict": STATE, "epoch": 12, "arch": "resnet"},
        {"model": STATE, "opt": {"lr": [1e-3], "state": {0: {"step": torch.tensor(5)}}}},
        {"model": {"state_dict": STATE}, "args": None},
    ],
    ids=["bare", "ordered", "params", "ema", "state_dict", "model", "twice"],
)
def test_wrappings_are_taken_off(read, zipped, content):
    found = read(pytorch(content, zipped))
    assert list(found) == list(STATE)
    assert torch.equal(found["conv.weight"], STATE["conv.weight"])


@both
def test_names_keep_their_prefix(read, zipped):
    state = {"module.conv.weight": torch.ones(1), "model.0.bias": torch.ones(1)}
    assert list(read(pytorch(state, zipped))) == list(state)


@both
def test_parameters_come_as_tensors(read, zipped):
    (found,) = read(pytorch({"w": torch.nn.Parameter(torch.ones(2, dtype=torch.half))}, zipped)).values()
    assert type(found) is torch.Tensor
    assert not found.requires_grad


@both
def test_weights_beside_the_optimizer_of_fastai_are_read(read, zipped):
    made = functools.partial(torch.optim.Adam, betas=(0.9, 0.99))
    optimizer = {"opt_func": made, "lr": [np.float64(1e-3)], "wd": np.float32(0.1), "layers": slice(0, 2)}
    found = read(pytorch({"model": STATE, "opt": optimizer}, zipped))
    assert list(found) == list(STATE)


@both
def test_code_is_refused_by_name_and_not_run(read, zipped, tmp_path):
    harm = tmp_path / "harm"
    with pytest.raises(CheckpointRefused, match=r"it wants (posix|nt)\.mkdir\. Nothing of it was run"):
        read(pytorch({"model": STATE, "more": Harm(harm)}, zipped))
    assert not harm.exists()


@both
def test_a_whole_program_object_is_refused(read, zipped):
    with pytest.raises(CheckpointRefused, match=r"it wants torch\.nn\.modules"):
        read(pytorch(torch.nn.Sequential(torch.nn.Linear(1, 1)), zipped))
    with pytest.raises(CheckpointRefused, match=r"it wants \S+\.Own"):
        read(pytorch({"model": STATE, "more": Own()}, zipped))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_code_in_any_pickle_of_either_kind_is_not_run(read, tmp_path):
    harm = tmp_path / "harm"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        code = pickle.dumps(Harm(harm), protocol)
        for content in code, PICKLE + code, packed(code):
            with pytest.raises(CheckpointRefused):
                read(content)
    assert not harm.exists()


def test_a_call_through_a_stand_in_makes_nothing(read, tmp_path):
    """functools.partial itself would be harmless, but what it is given need not be."""
    harm = tmp_path / "harm"
    with pytest.raises(CheckpointRefused):
        read(pytorch({"model": STATE, "opt": functools.partial(os.mkdir, str(harm))}))
    assert not harm.exists()


@both
@pytest.mark.parametrize("content", [[torch.ones(1)], torch.ones(1), {"epoch": 3}, {1: torch.ones(1)}, {}, None])
def test_a_file_without_named_tensors_is_refused(read, zipped, content):
    with pytest.raises(CheckpointRefused, match="no weights in checkpoint"):
        read(pytorch(content, zipped))


def test_a_dictionary_in_itself_ends(read):
    content = {}
    content["model"] = content
    with pytest.raises(CheckpointRefused, match="no weights"):
        read(pytorch(content))


def test_sparse_tensors_are_refused(read):
    with pytest.raises(CheckpointRefused, match="w of checkpoint is not stored in full"):
        read(pytorch({"w": torch.eye(3).to_sparse()}))


def test_other_archives_are_refused(read):
    memory = io.BytesIO()
    np.savez(memory, a=np.ones(3))
    with pytest.raises(CheckpointRefused, match="a ZIP archive, but not of PyTorch"):
        read(memory.getvalue())
    with pytest.raises(CheckpointRefused, match="TorchScript"):
        read(packed(b"", **{"constants.pkl": b""}))


def test_an_archive_that_swells_is_refused(read):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(10_000_000))
    with pytest.raises(CheckpointRefused, match="compressed"):
        read(memory.getvalue())


def test_an_archive_that_claims_more_numbers_than_it_stores_is_refused(read):
    """Mapped, they would be those of its neighbors."""
    names = zipfile.ZipFile(io.BytesIO(pytorch({"w": torch.arange(4.0)})))
    (state,) = [names.read(name) for name in names.namelist() if name.endswith("data.pkl")]
    claiming = state.replace(b"K\x04tq", b"K\x08tq").replace(b"K\x04\x85", b"K\x08\x85")
    assert claiming != state
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(packed(claiming, **{"data/0": torch.arange(4.0).numpy().tobytes(), "byteorder": b"little"}))


def test_an_archive_whose_entries_share_their_bytes_is_refused(read):
    content = packed(bytes(5000))
    entries, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    # The state and the version, each listed three times.
    listed = 3 * content[entries:end]
    counts = struct.pack("<HHII", 6, 6, len(listed), entries)
    shared = content[:entries] + listed + content[end : end + 8] + counts + content[end + 20 :]
    assert len(zipfile.ZipFile(io.BytesIO(shared)).infolist()) == 6
    with pytest.raises(CheckpointRefused, match="claims to hold more"):
        read(shared)


def test_an_old_file_that_claims_a_giant_storage_is_refused(read):
    content = pytorch(STATE, zipped=False)
    count = b"K\x04N"  # the four numbers of conv.weight, and no view of them
    assert content.count(count) == 1
    giant = b"\x8a\x08" + struct.pack("<q", 1 << 50) + b"N"
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(content.replace(count, giant))
