"""What holds for checkpoints of every format."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from photochrom.errors import CheckpointRefused, ExtraMissing
from photochrom.models import checkpoints

from . import writers

ONE_OF_EACH = writers.one_of_each()


@pytest.mark.parametrize("form", ONE_OF_EACH)
@pytest.mark.parametrize("name", ["net.pth", "net.safetensors", "net.t7", "net.h5", "net"])
def test_the_format_is_detected_from_the_content_whatever_the_name(read, form, name):
    tensors = list(read(ONE_OF_EACH[form], name).values())
    random = np.random.default_rng(7)
    kernel, bias = random.normal(size=(4, 3, 3, 3)).astype("f4"), random.normal(size=4).astype("f4")
    kernel_found, bias_found = sorted(tensors, key=torch.Tensor.numel, reverse=True)
    assert np.array_equal(kernel_found, kernel)
    assert np.array_equal(bias_found.flatten(), bias)
    assert {tensor.dtype for tensor in tensors} == {torch.float32}


@pytest.mark.parametrize("form", ONE_OF_EACH)
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_file_cut_short_is_refused(read, form, quarters):
    whole = ONE_OF_EACH[form]
    with pytest.raises(CheckpointRefused, match="damaged or incomplete") as refused:
        read(whole[: len(whole) * quarters // 4])
    assert refused.value.next_step == "Download it again."


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><title>Google Drive - Virus scan warning</title>", "is text, not weights"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "is text, not weights"),
        (bytes(range(200, 256)), "no format that Photochrom reads"),
        (bytes(1000), "no format that Photochrom reads"),
        (b"\x80\x04}\x94\x8c\x01a\x94K\x01s.", "a Python pickle that was not written by PyTorch"),
    ],
)
def test_what_is_no_checkpoint_is_called_what_it_is(read, content, cause):
    with pytest.raises(CheckpointRefused, match=cause):
        read(content)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what is mapped")
@pytest.mark.parametrize("form", [*ONE_OF_EACH, "NumPy"])
def test_no_file_is_mapped(tmp_path, form):
    """A map of a file that shrinks meanwhile ends the process."""
    path = tmp_path / "checkpoint.npy"
    np.save(path, np.ones((300, 100)))
    if form in ONE_OF_EACH:
        path.write_bytes(ONE_OF_EACH[form])
    head = path.read_bytes()[:64]
    reader = next(each for each in checkpoints.FORMATS.values() if each.recognizes(head))
    tensors = reader.read(path)
    next(tensors)  # in the middle of it
    assert str(path) not in Path("/proc/self/maps").read_text()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CheckpointRefused, match="cannot be read: No such file"):
        checkpoints.read(tmp_path / "nothing.pth")


@pytest.mark.parametrize(
    ("package", "form"),
    [("h5py", "Keras"), ("google.protobuf", "Caffe"), ("safetensors.torch", "safetensors")],
)
def test_a_missing_package_is_named_with_the_extra(read, monkeypatch, package, form):
    checkpoints.caffe._message_class.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ExtraMissing, match=rf"needs {package}.*photochrom\[pool\]"):
        read(ONE_OF_EACH[form])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64, torch.float8_e4m3fn])
def test_every_float_becomes_float32(read, dtype):
    values = torch.tensor([0.5, -2.0, 0.0])
    (found,) = read(safetensors.torch.save({"w": values.to(dtype)})).values()
    assert found.dtype == torch.float32
    assert torch.equal(found, values)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64])
def test_whole_numbers_stay_what_they_are(read, dtype):
    values = torch.tensor([[1, 2], [3, 4]], dtype=dtype)
    (found,) = read(safetensors.torch.save({"w": values})).values()
    assert found.dtype == dtype
    assert torch.equal(found, values)


@pytest.mark.parametrize("dtype", [torch.bool, torch.complex64])
def test_other_kinds_of_numbers_are_refused_by_name(read, dtype):
    name = str(dtype).removeprefix("torch.")
    with pytest.raises(CheckpointRefused, match=rf"w of checkpoint holds {name}"):
        read(writers.pytorch({"w": torch.zeros(3, dtype=dtype)}))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(read, value):
    with pytest.raises(CheckpointRefused, match=r"conv\.bias of checkpoint holds numbers that are not finite"):
        read(writers.pytorch({"conv.bias": torch.tensor([1.0, value])}))


def test_a_double_too_large_for_float32_is_refused(read):
    with pytest.raises(CheckpointRefused, match="not finite"):
        read(writers.pytorch({"w": torch.tensor([1e300], dtype=torch.float64)}))


def test_more_numbers_than_bytes_are_refused(read):
    one = torch.ones(1)
    repeated = {"w": one.expand(1 << 40)}
    many = {f"w{place}": one.expand(100) for place in range(1000)}
    for content in repeated, many:
        with pytest.raises(CheckpointRefused, match="more numbers than it has bytes"):
            read(writers.pytorch(content))


def test_tensors_are_dense_and_in_the_order_of_the_file(read):
    state = {"z": torch.arange(6.0).reshape(2, 3).T, "a": torch.ones(2), "m": torch.zeros(1)}
    found = read(writers.pytorch(state))
    assert list(found) == ["z", "a", "m"]
    assert found["z"].is_contiguous()
    assert torch.equal(found["z"], state["z"])


def read_or_refuse(path, content):
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch wonders about pickles of unheard-of versions
        try:
            tensors = checkpoints.read(path)
        except CheckpointRefused:
            return
    assert all(isinstance(tensor, torch.Tensor) for tensor in tensors.values())


spoiled = settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@spoiled
@given(data=st.data(), form=st.sampled_from(sorted(ONE_OF_EACH)))
def test_spoiled_bytes_are_read_or_refused(tmp_path, data, form):
    content = bytearray(ONE_OF_EACH[form])
    places = st.integers(0, len(content) - 1) | st.integers(0, 200)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place] = byte
    read_or_refuse(tmp_path / "spoiled", bytes(content))


@spoiled
@given(start=st.sampled_from(sorted(ONE_OF_EACH)), kept=st.integers(1, 40), rest=st.binary(max_size=200))
def test_any_bytes_behind_a_good_start_are_read_or_refused(tmp_path, start, kept, rest):
    read_or_refuse(tmp_path / "spoiled", ONE_OF_EACH[start][:kept] + rest)
