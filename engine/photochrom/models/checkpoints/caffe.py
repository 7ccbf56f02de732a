"""Caffe's weights: .caffemodel, the protocol buffer NetParameter, and the HDF5 files that Caffe writes instead of it.

Only the fields of caffe.proto that hold weights are declared here; the others are skipped.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

FIRST_FIELDS = (b"\x0a", b"\x12", b"\x1a", b"\xa2\x06")
"""First bytes of a NetParameter: its name, old layers, inputs, or layers."""

MESSAGES = {
    "BlobShape": {"dim": (1, "int64")},
    # Packed numbers are a byte string on the wire; declared as one, they do not become one object each.
    "BlobProto": {
        "num": (1, "int32"),
        "channels": (2, "int32"),
        "height": (3, "int32"),
        "width": (4, "int32"),
        "data": (5, "bytes"),
        "shape": (7, "BlobShape"),
        "double_data": (8, "bytes"),
    },
    "V1LayerParameter": {"name": (4, "string"), "blobs": (6, "BlobProto")},
    "LayerParameter": {"name": (1, "string"), "blobs": (7, "BlobProto")},
    "NetParameter": {"layers": (2, "V1LayerParameter"), "layer": (100, "LayerParameter")},
}
REPEATED = {"dim", "data", "double_data", "blobs", "layers", "layer"}

Named = TypeVar("Named")


def recognizes(head: bytes) -> bool:
    return head.startswith(FIRST_FIELDS)


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """`<layer>.<blob>` in the network's order; shapes as stored: four dimensions in old files."""
    network = _message_class("NetParameter")()
    network.ParseFromString(path.read_bytes())
    for layer in (*network.layers, *network.layer):
        for place, blob in enumerate(layer.blobs):
            yield f"{layer.name}.{place}", _tensor(blob)


def from_hdf5(datasets: Mapping[str, Named]) -> Iterator[tuple[str, Named]]:
    """Renames `data/<layer>/<blob>` to `<layer>.<blob>`."""
    for path, dataset in datasets.items():
        folder, _, blob = path.rpartition("/")
        if folder.startswith("data/"):
            yield f"{folder.removeprefix('data/')}.{blob}", dataset


def _tensor(blob: Any) -> torch.Tensor:
    old = (blob.num, blob.channels, blob.height, blob.width)
    shape = tuple(blob.shape.dim) if blob.HasField("shape") else old
    packed = (blob.double_data, "<f8") if blob.double_data else (blob.data, "<f4")
    numbers = np.frombuffer(b"".join(packed[0]), packed[1]).astype(np.float32)
    if math.prod(shape) != numbers.size:
        raise ValueError(f"{numbers.size} numbers do not make a blob of {shape}")
    return torch.from_numpy(numbers.reshape(shape))


@cache
def _message_class(name: str) -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    form = descriptor_pb2.FieldDescriptorProto
    types = {kind: form.Type.Value(f"TYPE_{kind.upper()}") for kind in ("int32", "int64", "bytes", "string")}
    file = descriptor_pb2.FileDescriptorProto(name="caffe.proto", package="caffe", syntax="proto2")
    for message, fields in MESSAGES.items():
        description = file.message_type.add(name=message)
        for field, (number, kind) in fields.items():
            label = form.LABEL_REPEATED if field in REPEATED else form.LABEL_OPTIONAL
            declared = description.field.add(name=field, number=number, label=label)
            declared.type = types.get(kind, form.TYPE_MESSAGE)
            if kind not in types:
                declared.type_name = f".caffe.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"caffe.{name}"))
