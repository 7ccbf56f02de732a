"""Memory that threads overwrite again and again."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Scratch(threading.local):
    """Arrays of one kind, in memory of each thread's own that is kept from one to the next: fresh memory of this size
    comes from the system, and the first access to each page takes as long as the computation, and holds up the other
    threads."""

    def __init__(self, kind: DTypeLike = np.float32) -> None:
        self._flat = np.empty(0, kind)

    def array(self, *shape: int) -> NDArray[Any]:
        """An array of this shape, with any values. It is this thread's until it asks for the next."""
        size = math.prod(shape)
        if self._flat.size < size:
            self._flat = np.empty(size, self._flat.dtype)
        return self._flat[:size].reshape(shape)
