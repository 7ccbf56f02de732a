"""glibc's memory allocator, which by default keeps much of what a process of several threads has freed.

Elsewhere these functions do nothing.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Final

M_ARENA_MAX: Final = -8
"""glibc's parameter (malloc.h)."""


def use_one_arena() -> None:
    """Lets all threads share one arena: by default, each has its own, and each arena keeps what was freed in it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another libc
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def return_freed() -> None:
    """Returns what was freed to the system: small blocks stay with the process otherwise."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
