"""NumPy arrays, .npy, which some releases have beside their checkpoint."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
"""By the version of the format."""


def recognizes(head: bytes) -> bool:
    return head.startswith(b"\x93NUMPY")


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The array, under the name `array`: the file has none. Raises ValueError for objects, which are pickles, and
    LookupError for a version of the format whose types have names."""
    with path.open("rb") as file:
        header = HEADERS[np.lib.format.read_magic(file)]
        shape, by_columns, dtype = header(file)
        content = file.read()
    # A view, so that an array larger than the file is refused before any memory is allocated for it.
    array = np.frombuffer(content, dtype, math.prod(shape)).reshape(shape, order="F" if by_columns else "C")
    yield "array", torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))
