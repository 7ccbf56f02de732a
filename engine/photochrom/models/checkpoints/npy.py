"""Arrays of NumPy, .npy: what some releases keep beside their checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch


def recognizes(head: bytes) -> bool:
    return head.startswith(b"\x93NUMPY")


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The array, as `array`: the file has no name for it. Raises ValueError for objects, which are pickles."""
    # Mapped, an array of a size that the file does not have is refused before any memory is taken for it.
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    yield "array", torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))
