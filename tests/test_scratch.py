"""Memory that threads overwrite again and again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
from photochrom.scratch import Scratch


def test_memory_is_kept_and_grows():
    scratch = Scratch()
    large = scratch.array(4, 5)
    small = scratch.array(2, 3)
    assert (large.shape, small.shape, small.dtype) == ((4, 5), (2, 3), np.float32)
    assert small.flags.c_contiguous and np.shares_memory(large, small)
    assert scratch.array(9, 9).shape == (9, 9)


def test_each_thread_has_its_own():
    scratch, both = Scratch(np.intp), Barrier(2, timeout=30)

    def fill(number):
        mine = scratch.array(1000)
        mine[:] = number
        both.wait()
        return mine.tolist()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(fill, (1, 2))) == [[1] * 1000, [2] * 1000]
