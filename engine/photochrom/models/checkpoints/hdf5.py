"""HDF5 files, in which Keras and Caffe keep weights. A file that points at other files is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from photochrom.errors import CheckpointRefused
from photochrom.models.checkpoints import caffe, keras

SIGNATURE = b"\x89HDF\r\n\x1a\n"


def recognizes(head: bytes) -> bool:
    return head.startswith(SIGNATURE)


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Raises CheckpointRefused for links and for data stored in an unusual way, what h5py raises for damaged files."""
    import h5py

    with h5py.File(path, "r") as file:
        datasets = _datasets(path, file)
        by_caffe = "data" in file and not any(name.endswith(":0") for name in datasets)
        for name, dataset in caffe.from_hdf5(datasets) if by_caffe else keras.from_hdf5(datasets):
            yield name, _tensor(path, dataset)


def _datasets(path: Path, file: Any) -> dict[str, Any]:
    """All datasets by their path in the file."""
    import h5py

    found = {}

    def other_link(name: str, link: Any) -> str | None:
        return None if isinstance(link, h5py.HardLink) else name

    def collect(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = item

    if link := file.visititems_links(other_link):
        raise CheckpointRefused(f"{path.name} has a link in it ({link}).", "Bring the file as it was published.")
    file.visititems(collect)
    return found


def _tensor(path: Path, dataset: Any) -> torch.Tensor:
    creation = dataset.id.get_create_plist()
    elsewhere = dataset.is_virtual or creation.get_external_count()
    # What is compressed, or never written at all, can be far larger than the file.
    small = creation.get_nfilters() or dataset.id.get_storage_size() < dataset.nbytes
    if elsewhere or small or dataset.nbytes > path.stat().st_size or dataset.dtype.kind not in "fiu":
        cause = f"The weights {dataset.name} of {path.name} are not plain numbers in the file itself."
        raise CheckpointRefused(cause, "Bring the file as it was published.")
    return torch.from_numpy(np.array(dataset[()], dataset.dtype.newbyteorder("=")))
