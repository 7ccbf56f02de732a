"""Names of results below the output folder: the tree of the photographs, and no two of them the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from photochrom.batch.urls import Source


class Names:
    """Names that are in use, and new ones that differ from all of them.

    Two names count as the same if a file system might take them so: those of Windows and macOS ignore case, that of
    macOS the composition of accents.
    """

    def __init__(self, taken: Iterable[PurePosixPath] = ()) -> None:
        self._taken = {_key(path) for path in taken}

    def claim(self, folder: PurePosixPath, source: Source, page: str, suffix: str) -> PurePosixPath:
        """A free name in `folder` for the result of `source`, with this `suffix` (".jpg"); its `page` is part of it
        unless "". Photographs that differ in their suffix alone keep it in the name: a.jpg and a.png give a.jpg and
        a-png.jpg; further ones are numbered."""
        stem = f"{source.stem}-page-{page}" if page else source.stem
        own = source.suffix.lstrip(".").lower()
        candidates = [f"{stem}{suffix}", *([f"{stem}-{own}{suffix}"] if own else [])]
        number = 1
        while True:
            for candidate in candidates:
                path = folder / candidate
                if _key(path) not in self._taken:
                    self._taken.add(_key(path))
                    return path
            number += 1
            candidates = [f"{stem}-{number}{suffix}"]

    def claim_folder(self, name: str) -> PurePosixPath:
        """A free name for a folder of its own: `name`, or with a number."""
        number, path = 1, PurePosixPath(name)
        while _key(path) in self._taken:
            number += 1
            path = PurePosixPath(f"{name}-{number}")
        self._taken.add(_key(path))
        return path


def _key(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
