"""Writes checkpoints as the programs do that they come from. Torch7 and Caffe have no writer in Python."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
import safetensors.torch
import torch


def pytorch(content: Any, zipped: bool = True) -> bytes:
    file = io.BytesIO()
    torch.save(content, file, _use_new_zipfile_serialization=zipped)
    return file.getvalue()


# --- Torch7 -----------------------------------------------------------------------------------------------------------

NAMES = {"f4": "Float", "f8": "Double", "f2": "Half", "i8": "Long", "i4": "Int", "u1": "Byte"}


@dataclass(eq=False)
class Lua:
    """An object of a Lua class."""

    kind: str
    fields: dict[Any, Any]


@dataclass(eq=False)
class View:
    """A tensor on somebody's storage; `first` counts from 1."""

    storage: np.ndarray
    shape: Sequence[int]
    strides: Sequence[int]
    first: int = 1


class Function:
    """A Lua function, whose code here is what it must not become: run."""


def nn(kind: str, **fields: Any) -> Lua:
    return Lua(f"nn.{kind}", fields)


class Torch7:
    """What File.lua's writeObject does."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.known: dict[int, int] = {}
        self.kept: list[Any] = []

    def integers(self, *numbers: int) -> None:
        self.out += struct.pack(f"<{len(numbers)}i", *numbers)

    def longs(self, *numbers: int) -> None:
        self.out += struct.pack(f"<{len(numbers)}q", *numbers)

    def double(self, number: float) -> None:
        self.out += struct.pack("<d", number)

    def characters(self, text: bytes) -> None:
        self.out += text

    def numbers(self, array: np.ndarray) -> None:
        self.out += array.tobytes()

    def text(self, text: str) -> None:
        self.integers(len(text.encode()))
        self.characters(text.encode())

    def write(self, value: Any) -> None:
        match value:
            case None:
                self.integers(0)
            case bool():
                self.integers(5)
                self.integers(int(value))
            case int() | float():
                self.integers(1)
                self.double(value)
            case str():
                self.integers(2)
                self.text(value)
            case list():
                self.known_or(3, value, lambda: self.table(dict(enumerate(value, 1))))
            case dict():
                self.known_or(3, value, lambda: self.table(value))
            case Function():
                self.known_or(8, value, self.function)
            case np.ndarray():
                strides = [stride // value.itemsize for stride in value.strides]
                self.write(View(np.ascontiguousarray(value).ravel(), value.shape, strides))
            case View():
                self.known_or(4, value, lambda: self.tensor(value))
            case Lua():
                self.known_or(4, value, lambda: self.instance(value))

    def known_or(self, kind: int, value: Any, write: Any) -> None:
        self.kept.append(value)
        self.integers(kind)
        known = id(value) in self.known
        self.integers(self.known.setdefault(id(value), len(self.known) + 1))
        if not known:
            write()

    def table(self, fields: dict[Any, Any]) -> None:
        self.integers(len(fields))
        for key, value in fields.items():
            self.write(key)
            self.write(value)

    def function(self) -> None:
        self.text("os.execute('touch ran')")
        self.write([{"name": "_ENV"}])

    def instance(self, value: Lua) -> None:
        self.text("V 1")
        self.text(value.kind)
        self.write(value.fields)

    def tensor(self, value: View) -> None:
        name = NAMES[value.storage.dtype.str[1:]]
        self.text("V 1")
        self.text(f"torch.{name}Tensor")
        self.integers(len(value.shape))
        self.longs(*value.shape)
        self.longs(*value.strides)
        self.longs(value.first)
        self.known_or(4, value.storage, lambda: self.storage(name, value.storage))

    def storage(self, name: str, array: np.ndarray) -> None:
        self.text("V 1")
        self.text(f"torch.{name}Storage")
        self.longs(array.size)
        self.numbers(array)


class Torch7Ascii(Torch7):
    """What DiskFile writes in its ASCII mode: a line a call, numbers with spaces between them."""

    def line(self, *words: Any) -> None:
        if words:
            self.out += " ".join(map(str, words)).encode() + b"\n"

    integers = longs = line

    def double(self, number: float) -> None:
        self.line(f"{number:.17g}")

    def characters(self, text: bytes) -> None:
        self.out += text + b"\n"

    def numbers(self, array: np.ndarray) -> None:
        if array.itemsize == 1:
            self.characters(array.tobytes())
        else:
            self.line(*(f"{number:.17g}" for number in array.tolist()))


def torch7(content: Any, writer: type[Torch7] = Torch7) -> bytes:
    writing = writer()
    writing.write(content)
    return bytes(writing.out)


# --- Caffe ------------------------------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes) -> bytes:
    """A field of a protocol buffer: a number, or bytes of so many."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def blob(array: np.ndarray) -> bytes:
    shape = field(1, b"".join(map(varint, array.shape)))
    data = field(8 if array.dtype == np.float64 else 5, array.tobytes())
    return data + field(7, shape)


def old_blob(array: np.ndarray) -> bytes:
    sizes = (1,) * (4 - array.ndim) + array.shape
    return b"".join(field(place, size) for place, size in enumerate(sizes, 1)) + field(5, array.tobytes())


def caffe(layers: Mapping[str, Sequence[np.ndarray]]) -> bytes:
    out = field(1, b"net")
    for name, blobs in layers.items():
        own = field(1, name.encode()) + field(2, b"Convolution") + field(3, b"data") + field(10, 0)
        out += field(100, own + b"".join(field(7, blob(each)) for each in blobs))
    return out


def old_caffe(layers: Mapping[str, Sequence[np.ndarray]]) -> bytes:
    out = field(1, b"net")
    for name, blobs in layers.items():
        own = field(2, b"data") + field(4, name.encode()) + field(5, 4)
        out += field(2, own + b"".join(field(6, old_blob(each)) for each in blobs))
    return out


# --- HDF5 -------------------------------------------------------------------------------------------------------------


def hdf5(datasets: Mapping[str, np.ndarray], attributes: Mapping[str, Mapping[str, Any]] | None = None) -> bytes:
    """`attributes` by the path of the group that has them."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        for path, array in datasets.items():
            file[path] = array
        for path, own in (attributes or {}).items():
            file.require_group(path).attrs.update(own)
    return memory.getvalue()


def keras(layers: Mapping[str, Mapping[str, np.ndarray]], root: str = "") -> bytes:
    """Keras 2: layer -> weight name -> its array; layers may have none."""
    attributes = {f"/{root}": {"layer_names": np.array(list(layers), "S")}}
    for layer, weights in layers.items():
        attributes[f"{root}/{layer}"] = {"weight_names": np.array(list(weights), "S")}
    arrays = {f"{root}/{layer}/{name}": array for layer, own in layers.items() for name, array in own.items()}
    return hdf5(arrays, attributes)


# --- one of each ------------------------------------------------------------------------------------------------------


def one_of_each() -> dict[str, bytes]:
    """The same small network in every format."""
    random = np.random.default_rng(7)
    kernel, bias = random.normal(size=(4, 3, 3, 3)).astype("f4"), random.normal(size=4).astype("f4")
    state = {"conv.weight": torch.from_numpy(kernel), "conv.bias": torch.from_numpy(bias)}
    network = nn("Sequential", modules=[nn("SpatialConvolution", weight=kernel, bias=bias)], train=False)
    weights = {"conv": {"conv/kernel:0": kernel, "conv/bias:0": bias}}
    return {
        "safetensors": safetensors.torch.save(state),
        "PyTorch": pytorch(state),
        "PyTorch before 1.6": pytorch(state, zipped=False),
        "Torch7": torch7(network),
        "Torch7 in ASCII": torch7(network, Torch7Ascii),
        "Caffe": caffe({"conv": [kernel, bias]}),
        "old Caffe": old_caffe({"conv": [kernel, bias]}),
        "Caffe in HDF5": hdf5({"data/conv/0": kernel, "data/conv/1": bias}),
        "Keras": keras(weights),
        "Keras, whole model": keras(weights, "model_weights"),
        "Keras 3": hdf5({"layers/conv/vars/0": kernel, "layers/conv/vars/1": bias}),
    }
