"""Torch7 files (.t7), binary and ASCII: what Lua Torch's `torch.save` writes, as its File.lua and DiskFile define it.

An object is a type number and its value: 0 nil, 1 number, 2 string, 3 table, 4 torch object, 5 boolean, 6 to 8
functions. Tables, torch objects and functions (except 6) begin with an index, by which later references name the same
object. A torch object is its version, its class, and, except for tensors and storages, the table of its fields.

The package torchfile reads the binary format, too, but trusts a tensor's sizes and strides, so that a hostile file
makes it read out of bounds. Here all are checked, functions are skipped, and nothing is executed.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from photochrom.errors import CheckpointRefused

BINARY = tuple(struct.pack("<ii", kind, 1) for kind in (3, 4))
ASCII = re.compile(rb"[34]\n1\n")

NIL, NUMBER, STRING, TABLE, TORCH, BOOLEAN, FUNCTION, OLD_RECURSIVE_FUNCTION, RECURSIVE_FUNCTION = range(9)

ARRAY = re.compile(r"torch\.(?:Cuda)?(Byte|Char|Short|Int|Long|Half|Float|Double|)(Tensor|Storage)")
TYPES: dict[str, np.dtype[Any]] = {
    "Byte": np.dtype("u1"),
    "Char": np.dtype("i1"),
    "Short": np.dtype("<i2"),
    "Int": np.dtype("<i4"),
    "Long": np.dtype("<i8"),
    "Half": np.dtype("<f2"),
    "Float": np.dtype("<f4"),
    "Double": np.dtype("<f8"),
    "": np.dtype("<f4"),  # torch.CudaTensor
}

MOST_OBJECTS = 1_000_000
"""Ten bytes in a file become an object of hundreds in memory; published networks have a few thousand objects."""

LARGEST = float(np.finfo(np.float32).max)

PARAMETERS = ("weight", "bias", "running_mean", "running_var", "running_std")
"""A module's learned tensors; the others are buffers of the last run."""


def recognizes(head: bytes) -> bool:
    return head.startswith(BINARY) or ASCII.match(head) is not None


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Raises ValueError and the like for damaged files, CheckpointRefused for absurd ones."""
    data = path.read_bytes()
    numbers = _Ascii(data) if ASCII.match(data) else _Binary(data)
    root = _Objects(numbers).read()
    for name, array in _tensors(root):
        # Copied: the file's own bytes cannot be written to and may lie askew.
        yield name, torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))


class _Binary:
    """Little-endian; ints of 4 bytes, longs of 8."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        start = self.at
        self.step(count)
        return self.data[start : self.at]

    def step(self, count: int) -> None:
        if not 0 <= count <= len(self.data) - self.at:
            raise ValueError("the file ends too early")
        self.at += count

    def integer(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def longs(self, count: int) -> list[int]:
        return [number for (number,) in struct.iter_unpack("<q", self.take(8 * count))]

    def double(self) -> float:
        return float(struct.unpack("<d", self.take(8))[0])

    def characters(self, count: int) -> bytes:
        return self.take(count)

    def array(self, dtype: np.dtype[Any], count: int) -> np.ndarray:
        start = self.at
        self.step(dtype.itemsize * count)
        return np.frombuffer(self.data, dtype, count, start)


class _Ascii(_Binary):
    """Numbers in decimal, separated by white space; strings verbatim, with a newline at the end."""

    TOKEN = re.compile(rb"\s*([-+.\w]{1,40})\s?")

    def token(self) -> bytes:
        found = self.TOKEN.match(self.data, self.at)
        if found is None:
            raise ValueError("a number is missing")
        self.at = found.end()
        return found[1]

    def integer(self) -> int:
        return int(self.token())

    def longs(self, count: int) -> list[int]:
        return [int(self.token()) for _ in range(count)]

    def double(self) -> float:
        return float(self.token())

    def characters(self, count: int) -> bytes:
        found = self.take(count)
        if self.data[self.at : self.at + 1] == b"\n":
            self.at += 1
        return found

    def array(self, dtype: np.dtype[Any], count: int) -> np.ndarray:
        if count == 0:
            return np.empty(0, dtype)
        if dtype.itemsize == 1:
            return np.frombuffer(self.characters(count), dtype)
        end = self.data.find(b"\n", self.at)
        line = self.take((end if end >= 0 else len(self.data)) - self.at)
        found = np.fromstring(line, dtype, sep=" ")
        if found.size != count:
            raise ValueError("a storage is shorter or longer than its header says")
        return found


@dataclass(eq=False)
class _Table:
    """A Lua table, or the fields of an object of `kind`."""

    kind: str = ""
    fields: dict[Any, Any] = field(default_factory=dict)

    def items(self) -> Iterator[Any]:
        """The values at 1, 2, … up to the first gap."""
        place = 1
        while place in self.fields:
            yield self.fields[place]
            place += 1


class _Objects:
    def __init__(self, numbers: _Binary) -> None:
        self.numbers = numbers
        self.known: dict[int, Any] = {}
        self.count = 0

    def read(self) -> Any:
        self.count += 1
        if self.count > MOST_OBJECTS:
            raise CheckpointRefused(f"The Torch7 file has more than {MOST_OBJECTS} objects: no network has as many.")
        kind = self.numbers.integer()
        if kind == NIL:
            return None
        if kind == NUMBER:
            number = self.numbers.double()
            return int(number) if number.is_integer() else number
        if kind == STRING:
            return self.text()
        if kind == BOOLEAN:
            return self.numbers.integer() == 1
        if kind == FUNCTION:
            return self.skip_function()
        if kind not in {TABLE, TORCH, OLD_RECURSIVE_FUNCTION, RECURSIVE_FUNCTION}:
            raise ValueError(f"no object is of type {kind}")
        index = self.numbers.integer()
        if index not in self.known:
            self.known[index] = None
            if kind == TABLE:
                self.fill(index, _Table())
            elif kind == TORCH:
                self.torch_object(index)
            else:
                self.skip_function()
        return self.known[index]

    def text(self) -> str:
        return self.numbers.characters(self.numbers.integer()).decode("utf-8", "replace")

    def skip_function(self) -> None:
        self.numbers.characters(self.numbers.integer())
        self.read()

    def fill(self, index: int, table: _Table) -> None:
        self.known[index] = table  # before its fields, which may refer to it
        for _ in range(self.numbers.integer()):
            key = self.read()
            table.fields[key] = self.read()

    def torch_object(self, index: int) -> None:
        version = self.text()
        name = self.text() if version.startswith("V ") else version
        array = ARRAY.fullmatch(name)
        if array is None:
            self.known[index] = table = _Table(name)
            fields = self.read()
            table.fields = fields.fields if isinstance(fields, _Table) else {}
        elif array[2] == "Storage":
            self.known[index] = self.numbers.array(TYPES[array[1]], *self.numbers.longs(1))
        else:
            self.known[index] = self.tensor(TYPES[array[1]])

    def tensor(self, dtype: np.dtype[Any]) -> np.ndarray:
        dimensions = self.numbers.integer()
        shape, strides = self.numbers.longs(dimensions), self.numbers.longs(dimensions)
        (first,) = self.numbers.longs(1)
        storage = self.read()
        if storage is None or dimensions <= 0 or 0 in shape:
            return np.empty(0, dtype)
        if not isinstance(storage, np.ndarray) or storage.dtype != dtype or min(first - 1, *shape, *strides) < 0:
            raise ValueError("an impossible tensor")
        last = first - 1 + sum((count - 1) * stride for count, stride in zip(shape, strides, strict=True))
        if math.prod(shape) > storage.size or last >= storage.size:
            raise ValueError("a tensor reaches beyond its storage")
        steps = [stride * dtype.itemsize for stride in strides]
        return np.lib.stride_tricks.as_strided(storage[first - 1 :], shape, steps, writeable=False)


def _tensors(root: Any) -> Iterator[tuple[str, np.ndarray]]:
    """The tensors of a network, or of a table of networks, tensors and numbers, depth first."""
    seen = set()

    def walk(value: Any, name: tuple[str, ...]) -> Iterator[tuple[str, np.ndarray]]:
        if isinstance(value, np.ndarray) and value.size:
            yield ".".join(name), value
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
            yield ".".join(name), np.array(value, np.float32)
        if not isinstance(value, _Table) or id(value) in seen:
            return
        seen.add(id(value))
        if not value.kind:
            for key, each in value.fields.items():
                yield from walk(each, (*name, str(key)))
            return
        for parameter in PARAMETERS:
            if isinstance(found := value.fields.get(parameter), np.ndarray):
                yield from walk(found, (*name, parameter))
        for place, module in enumerate(_modules(value)):
            yield from walk(module, (*name, "modules", str(place)))

    return walk(root, ())


def _modules(container: _Table) -> Iterator[Any]:
    """The modules in a container, in the order in which they run: those of an nngraph are in its sorted nodes."""
    nodes = container.fields.get("forwardnodes")
    if isinstance(nodes, _Table):
        for node in nodes.items():
            data = node.fields.get("data") if isinstance(node, _Table) else None
            if isinstance(data, _Table) and "module" in data.fields:
                yield data.fields["module"]
    elif isinstance(modules := container.fields.get("modules"), _Table):
        yield from modules.items()
