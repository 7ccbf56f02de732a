import h5py
import numpy as np
import pytest
from photochrom.errors import CheckpointRefused
from photochrom.models import checkpoints

NAME = "conv/conv/kernel:0"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.h5"


@pytest.fixture
def secret(tmp_path):
    """Another file, which a checkpoint must not be able to read."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file[NAME] = np.arange(4.0)
    return tmp_path / "secret.h5"


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8", "<f2", "<i4", ">i8", "u1"])
def test_numbers_of_every_kind_and_byte_order_come_back(path, dtype):
    with h5py.File(path, "w") as file:
        file[NAME] = np.array([[1, 2], [3, 4]], dtype)
    assert checkpoints.read(path)["conv/kernel"].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("link", ["external", "soft"])
def test_links_are_refused(path, secret, link):
    with h5py.File(path, "w") as file:
        file["dense/dense/kernel:0"] = np.ones(3)
        file[NAME] = h5py.ExternalLink(secret, NAME) if link == "external" else h5py.SoftLink("/dense/dense/kernel:0")
    with pytest.raises(CheckpointRefused, match=r"has a link in it \(conv/conv/kernel:0\)"):
        checkpoints.read(path)


def test_numbers_kept_in_another_file_are_refused(path, secret):
    with h5py.File(path, "w") as file:
        file.create_dataset(NAME, (4,), "f8", external=[(secret, 0, 32)])
    with pytest.raises(CheckpointRefused, match="not plain numbers in the file itself"):
        checkpoints.read(path)


def test_numbers_gathered_from_other_files_are_refused(path, secret):
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource(secret, NAME, (4,))
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset(NAME, layout)
    with pytest.raises(CheckpointRefused, match="not plain numbers in the file itself"):
        checkpoints.read(path)


@pytest.mark.parametrize(
    "how",
    [
        {"shape": (1 << 40,), "dtype": "f4", "chunks": (1024,)},
        {"shape": (1 << 40,), "dtype": "f4"},
        {"data": np.zeros(100_000), "compression": "gzip"},
    ],
    ids=["never written", "never written, in one piece", "compressed"],
)
def test_numbers_larger_than_the_file_are_refused(path, how):
    with h5py.File(path, "w") as file:
        file.create_dataset(NAME, **how)
    with pytest.raises(CheckpointRefused, match="not plain numbers in the file itself"):
        checkpoints.read(path)


@pytest.mark.parametrize(
    "data",
    [
        ["import os", "text"],
        np.array([b"text"]),
        np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]),
        np.array([True]),
        np.array([1j]),
        h5py.Empty("f4"),
    ],
    ids=["strings", "bytes", "records", "booleans", "complex", "nothing"],
)
def test_what_is_not_numbers_is_refused(path, data):
    with h5py.File(path, "w") as file:
        file[NAME] = data
    with pytest.raises(CheckpointRefused):
        checkpoints.read(path)


def test_lists_and_references_are_refused(path):
    with h5py.File(path, "w") as file:
        file.create_dataset(NAME, (2,), h5py.vlen_dtype("f4"))
        file.create_dataset("dense/dense/kernel:0", (1,), h5py.ref_dtype)
    with pytest.raises(CheckpointRefused, match="not plain numbers"):
        checkpoints.read(path)


def test_groups_in_a_circle_end(path):
    with h5py.File(path, "w") as file:
        file[NAME] = np.ones(3)
        file["conv/again"] = file["conv"]
    assert list(checkpoints.read(path)) == ["conv/kernel"]


def test_one_dataset_under_many_names_is_read_once(path):
    with h5py.File(path, "w") as file:
        file[NAME] = np.ones(1000)
        for place in range(50):
            file[f"conv{place}/kernel:0"] = file[NAME]
    assert len(checkpoints.read(path)) == 1


def test_groups_that_nest_deeper_than_in_any_network_are_refused(path):
    with h5py.File(path, "w") as file:
        file["/".join(["a"] * 100) + "/kernel:0"] = np.ones(3)
    with pytest.raises(CheckpointRefused, match="more groups than any network"):
        checkpoints.read(path)


def test_more_names_than_in_any_network_are_refused(path, monkeypatch):
    monkeypatch.setattr(checkpoints.hdf5, "MOST", 12)
    with h5py.File(path, "w") as file:
        file[NAME] = np.ones(3)
        for number in range(12):
            file[f"group/{number}"] = file[NAME]
    with pytest.raises(CheckpointRefused, match="more groups than any network"):
        checkpoints.read(path)


def test_what_many_paths_lead_to_is_read_once(path):
    """Two ways from each group to the next: a thousand million in all."""
    with h5py.File(path, "w") as file:
        group = file
        for _ in range(30):
            group["b"] = group.create_group("a")
            group = group["a"]
        group["kernel:0"] = np.ones(3)
    assert len(checkpoints.read(path)) == 1
