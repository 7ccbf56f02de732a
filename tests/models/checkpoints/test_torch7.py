import math
import struct

import numpy as np
import pytest
import torch
import torchfile
from photochrom.errors import CheckpointRefused
from photochrom.models.checkpoints import torch7

from .writers import Function, Lua, Torch7, Torch7Ascii, View, nn
from .writers import torch7 as written

both = pytest.mark.parametrize("writer", [Torch7, Torch7Ascii], ids=["binary", "ASCII"])


def layer(kind: str, value: float, **fields) -> Lua:
    """A layer with one weight that is its value, and what training leaves in it."""
    left = {"gradWeight": np.full(1, -1.0), "output": np.full(1, -1.0), "gradInput": np.empty(0)}
    return nn(kind, weight=np.full(1, value), bias=np.full(1, value + 0.5), **left, **fields)


@both
def test_names_follow_the_tree_and_only_what_was_learnt_is_kept(read, writer):
    norm = nn(
        "SpatialBatchNormalization", weight=np.ones(2), bias=np.ones(2), running_mean=np.ones(2), running_var=np.ones(2)
    )
    inner = nn("Sequential", modules=[layer("SpatialConvolution", 2), norm])
    network = nn("Sequential", modules=[layer("SpatialConvolution", 1), nn("ReLU", inplace=True), inner])
    found = read(written(network, writer))
    assert list(found) == [
        "modules.0.weight",
        "modules.0.bias",
        "modules.2.modules.0.weight",
        "modules.2.modules.0.bias",
        "modules.2.modules.1.weight",
        "modules.2.modules.1.bias",
        "modules.2.modules.1.running_mean",
        "modules.2.modules.1.running_var",
    ]
    assert found["modules.2.modules.0.bias"] == 2.5


@both
def test_modules_of_a_graph_come_in_the_order_of_its_nodes(read, writer):
    first, second, third = (layer("SpatialConvolution", value) for value in (1, 2, 3))
    data = Lua("nngraph.Node", {"data": {"name": "input"}})
    nodes = [Lua("nngraph.Node", {"data": {"module": module}}) for module in (third, first, second)]
    data.fields["children"] = nodes
    for node in nodes:
        node.fields["parent"] = data  # a circle
    graph = nn("gModule", forwardnodes=[data, *nodes], modules=[first, second, third], fg={"nodes": nodes})
    others = {"opt": None, "best": math.inf, "done": True}
    found = read(written({"colornet": graph, "mean": np.full(1, 0.4449), "epoch": 11, **others}, writer))
    assert list(found) == [
        *(f"colornet.modules.{place}.{name}" for place in range(3) for name in ("weight", "bias")),
        "mean",
        "epoch",
    ]
    assert found["epoch"] == 11
    assert [float(found[f"colornet.modules.{place}.weight"]) for place in range(3)] == [3, 1, 2]


@both
@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i8", "i4", "u1"])
def test_numbers_of_every_kind_come_back(read, writer, dtype, rng):
    array = (rng.normal(size=(3, 4, 2)) * 50 + 100).astype(dtype)
    (found,) = read(written(nn("Linear", weight=array), writer)).values()
    assert np.array_equal(found, array.astype("f4") if array.dtype.kind == "f" else array)


@both
def test_tensors_are_views_of_a_storage_that_they_share(read, writer):
    storage = np.arange(12.0)
    weight, bias = View(storage, (2, 3), (1, 2), first=3), View(storage, (2,), (1,), first=11)
    found = read(written(nn("Linear", weight=weight, bias=bias), writer))
    assert found["weight"].tolist() == [[2, 4, 6], [3, 5, 7]]
    assert found["bias"].tolist() == [10, 11]


@both
def test_a_module_that_stands_twice_is_given_once(read, writer):
    shared = layer("Linear", 1)
    assert len(read(written(nn("Sequential", modules=[shared, shared]), writer))) == 2


@both
def test_functions_are_stepped_over(read, writer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = nn("Linear", hook=Function(), weight=np.ones(3), text="two\nlines", on=True, off=False, nothing=None)
    assert list(read(written(network, writer))) == ["weight"]
    assert not (tmp_path / "ran").exists()


def test_classes_without_a_version_are_read(read):
    old = Torch7()
    old.integers(4, 1)
    old.text("nn.Linear")
    old.known[0] = 1  # taken by the object itself
    old.write({"weight": np.ones(2)})
    assert list(read(bytes(old.out))) == ["weight"]


def test_torchfile_reads_the_same_from_these_files(tmp_path, rng):
    """That the files of these tests are what others take for Torch7."""
    weight = rng.normal(size=(2, 3)).astype("f4")
    path = tmp_path / "net.t7"
    path.write_bytes(written(nn("Sequential", modules=[nn("Linear", weight=weight, bias=View(weight, (2,), (3,)))])))
    (module,) = torchfile.load(path)[b"modules"]
    found = dict(torch7.read(path))
    assert np.array_equal(found["modules.0.weight"], module[b"weight"])
    assert np.array_equal(found["modules.0.bias"], module[b"bias"])


@both
@pytest.mark.parametrize(
    "view",
    [
        View(np.ones(4), (5,), (1,)),
        View(np.ones(4), (2, 2), (3, 1)),
        View(np.ones(4), (4,), (1,), first=2),
        View(np.ones(4), (2,), (1,), first=-1),
        View(np.ones(4), (2,), (-1,), first=2),
        View(np.ones(4), (-2, -2), (1, 1)),
        View(np.ones(4), (1 << 40,), (0,)),
        View(np.ones(4), (1 << 32, 1 << 32), (0, 0)),
        View(np.ones(17), (17,), (1 << 60,)),
        View(np.ones(4), (1,), (1,), first=1 << 60),
    ],
)
def test_a_tensor_beyond_its_storage_is_refused(read, writer, view):
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(written(nn("Linear", weight=view), writer))


@both
@pytest.mark.parametrize("size", [-1, 1 << 31, 1 << 62])
def test_a_storage_of_another_size_than_declared_is_refused(read, writer, size):
    class Lying(writer):
        def storage(self, name, array):
            self.text("V 1")
            self.text(f"torch.{name}Storage")
            self.longs(size)
            self.numbers(array)

    with pytest.raises(CheckpointRefused, match="damaged"):
        read(written(nn("Linear", weight=np.ones(3)), Lying))


@pytest.mark.parametrize("count", [-1, 2**31 - 1])
@pytest.mark.parametrize("kind", [2, 3, 6])
def test_giant_strings_and_tables_are_refused(read, kind, count):
    value = {2: (2, count), 3: (3, 2, count), 6: (6, count)}[kind]
    content = struct.pack("<iiiid", 3, 1, 1, 1, 1.0) + struct.pack(f"<{len(value)}i", *value) + b"x" * 100
    with pytest.raises(CheckpointRefused, match="damaged" if kind != 3 or count > 0 else "no weights"):
        read(content)


def test_more_objects_than_any_network_has_are_refused(read, monkeypatch):
    monkeypatch.setattr(torch7, "MOST_OBJECTS", 1000)
    content = struct.pack("<iii", 3, 1, 2**31 - 1) + struct.pack("<id", 1, 5.0) * 1002
    with pytest.raises(CheckpointRefused, match="objects"):
        read(content)


def test_tables_nested_without_end_are_refused(read):
    content = b"".join(struct.pack("<iiiid", 3, place, 1, 1, 1.0) for place in range(1, 5000))
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(content)


def test_tables_that_double_at_each_level_end(read):
    table = {"weight": np.ones(1)}
    for _ in range(60):
        table = {1: table, 2: table}
    (found,) = read(written(table)).values()
    assert torch.equal(found, torch.ones(1))


def test_many_views_of_few_bytes_are_refused(read):
    storage = np.ones(10_000)
    views = {f"t{place}": View(storage, (10_000,), (1,)) for place in range(100)}
    with pytest.raises(CheckpointRefused, match="more numbers than it has bytes"):
        read(written(views))
