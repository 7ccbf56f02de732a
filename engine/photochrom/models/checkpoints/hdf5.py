"""HDF5 files, in which Keras and Caffe store weights. A file that refers to other files is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from photochrom.errors import CheckpointRefused
from photochrom.models.checkpoints import caffe, keras

SIGNATURE = b"\x89HDF\r\n\x1a\n"

DEEPEST = 32
"""Groups in groups. Networks have a handful; HDF5 takes minutes for what nests by thousands."""

MOST = 50_000
"""Names in all groups together; networks have a few for each layer."""


def recognizes(head: bytes) -> bool:
    return head.startswith(SIGNATURE)


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Raises CheckpointRefused for links and for data stored in an unusual way, and h5py's own errors for damaged
    files."""
    import h5py

    with h5py.File(path, "r") as file:
        datasets = _datasets(path, file)
        by_caffe = "data" in file and not any(name.endswith(":0") for name in datasets)
        for name, dataset in caffe.from_hdf5(datasets) if by_caffe else keras.from_hdf5(datasets):
            yield name, _tensor(path, dataset)


def _datasets(path: Path, file: Any) -> dict[str, Any]:
    """All datasets by their path in the file, each once, however many paths lead to it."""
    import h5py

    found: dict[str, Any] = {}
    seen = {h5py.h5o.get_info(file.id).addr}
    links = 0

    def collect(group: Any, place: str, depth: int) -> None:
        nonlocal links
        links += len(group)
        if depth > DEEPEST or links > MOST:
            raise CheckpointRefused(
                f"{path.name} has more groups than any network.", "Use the file as it was published."
            )
        for name in group:
            whole = place + name
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise CheckpointRefused(f"{path.name} has a link in it ({whole}).", "Use the file as it was published.")
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                continue
            seen.add(address)
            if isinstance(item, h5py.Dataset):
                found[whole] = item
            elif isinstance(item, h5py.Group):
                collect(item, f"{whole}/", depth + 1)

    collect(file, "", 0)
    return found


def _tensor(path: Path, dataset: Any) -> torch.Tensor:
    creation = dataset.id.get_create_plist()
    elsewhere = dataset.is_virtual or creation.get_external_count()
    # Compressed data, and data never written, can be far larger than the file.
    small = creation.get_nfilters() or dataset.id.get_storage_size() < dataset.nbytes
    if elsewhere or small or dataset.nbytes > path.stat().st_size or dataset.dtype.kind not in "fiu":
        cause = f"The weights {dataset.name} of {path.name} are not plain numbers in the file itself."
        raise CheckpointRefused(cause, "Use the file as it was published.")
    return torch.from_numpy(np.array(dataset[()], dataset.dtype.newbyteorder("=")))
