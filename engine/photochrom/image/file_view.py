"""The bytes of an open file, read where they are looked at.

A memory map of a file that shrinks meanwhile, as on a stick that is pulled, ends the process with SIGBUS; here it is an
error.
"""

from __future__ import annotations

import errno
import os
from typing import IO, Final, overload

_LEAST: Final = 1 << 10
_MOST: Final = 1 << 16
"""Bytes that a search reads at once, first and later."""


class FileView:
    """A file as read-only bytes, as long as it was when the view was made.

    `file` is open for reading in binary; its position moves. Everything raises OSError where bytes cannot be read, also
    because the file is shorter by now.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> bytes: ...

    def __getitem__(self, at: int | slice) -> int | bytes:
        if isinstance(at, slice):
            start, stop, _ = slice(at.start, at.stop).indices(self._size)
            return self._read(start, stop - start)
        return self._read(range(self._size)[at], 1)[0]

    def find(self, wanted: bytes, start: int = 0, stop: int | None = None) -> int:
        """The first place of `wanted` between `start` and `stop`; -1 if it is not there."""
        last = self._size if stop is None else min(stop, self._size)
        step = _LEAST
        while start < last:
            found = self._read(start, min(step + len(wanted) - 1, last - start)).find(wanted)
            if found >= 0:
                return start + found
            start, step = start + step, min(2 * step, _MOST)
        return -1

    def rfind(self, wanted: bytes, start: int = 0) -> int:
        """Its last place from `start` on; -1 if it is not there."""
        for place in reversed(range(start, self._size, _MOST)):
            found = self._read(place, min(_MOST + len(wanted) - 1, self._size - place)).rfind(wanted)
            if found >= 0:
                return place + found
        return -1

    def _read(self, start: int, size: int) -> bytes:
        if size <= 0:
            return b""
        self._file.seek(start)
        found = self._file.read(size)
        if len(found) < size:
            raise OSError(errno.EIO, "it became shorter while it was read")
        return found
