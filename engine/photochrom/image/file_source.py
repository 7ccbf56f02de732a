"""A file for libvips to read, by reads instead of a memory map: a map of a file that shrinks meanwhile, as on a stick
that is pulled, ends the process with SIGBUS; a read that fails is that file's error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyvips

LEAST: Final = 1 << 14
"""Bytes that are read at once, if libvips asks for less: each of its requests costs a call into Python. Twice as many
each time that reads continue each other; after a jump, as between the planes of a picture, more may be for nothing."""

MOST: Final = 1 << 20
"""And if it asks for more: a strip of any size passes in parts."""


class _Reader:
    """The position of one source, and the bytes that were read ahead. libvips asks one thing at a time."""

    def __init__(self, path: Path, patches: Mapping[int, bytes]) -> None:
        self._file = path.open("rb", buffering=0)
        self._patches = patches
        self._size = os.fstat(self._file.fileno()).st_size
        self._place = self._start = 0
        self._step = LEAST
        self._ahead = b""

    def read(self, count: int) -> bytes:
        """The next bytes, up to `count`; none at the end, and where they cannot be read: libvips then rejects a
        truncated file."""
        first = self._place - self._start
        if not 0 <= first < len(self._ahead):
            continues = self._place == self._start + len(self._ahead)
            self._step = min(2 * self._step, MOST) if continues else LEAST
            self._start, first = self._place, 0
            try:
                self._file.seek(self._place)
                self._ahead = self._patched(self._file.read(min(max(count, self._step), MOST)))
            except OSError:  # An exception cannot pass through C.
                self._ahead = b""
        found = self._ahead[first : first + count]
        self._place += len(found)
        return found

    def seek(self, offset: int, whence: int) -> int:
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        return self._place

    def _patched(self, data: bytes) -> bytes:
        touched = [place for place in self._patches if self._start - 16 < place < self._start + len(data)]
        if not touched:
            return data
        changed = bytearray(data)
        for place in touched:
            for index, byte in enumerate(self._patches[place], place - self._start):
                if 0 <= index < len(changed):
                    changed[index] = byte
        return bytes(changed)


def load(loader: str, path: Path, patches: Mapping[int, bytes] | None = None, **options: Any) -> pyvips.Image:
    """Calls one of libvips' loaders (`loader` ends in "_source") on a file, lazily. `patches` are bytes, at most 16
    each, that it gets instead of those of the file, by their offsets.

    Raises OSError, pyvips.Error.
    """
    reader = _Reader(path, patches or {})
    source = pyvips.SourceCustom()
    source.on_read(reader.read)
    source.on_seek(reader.seek)
    # The loader by name: no options are parsed from the path. `revalidate`: never a stale cached picture.
    image: pyvips.Image = pyvips.Operation.call(loader, source, revalidate=True, **options)
    image._references.append(source)  # The source must outlive every image derived from this one.
    return image
