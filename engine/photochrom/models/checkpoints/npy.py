"""NumPy arrays, .npy, which some releases have beside their checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch


def recognizes(head: bytes) -> bool:
    return head.startswith(b"\x93NUMPY")


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The array, under the name `array`: the file has none. Raises ValueError for objects, which are pickles."""
    # Memory-mapped, so that an array larger than the file is refused before any memory is allocated for it.
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    yield "array", torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))
