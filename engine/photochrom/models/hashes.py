"""Hashes of big files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from photochrom.progress import Progress, silent

_BLOCK = 1 << 20


def digests(path: Path, kinds: Iterable[str], progress: Progress = silent) -> dict[str, str]:
    """The hashes of a file by the names of their algorithms, in lower-case hex, in one pass.

    Raises:
        OSError: the file cannot be read.
    """
    # MD5 and SHA-1 are what some authors published; SHA-256 is always taken too.
    found = {kind: hashlib.new(kind, usedforsecurity=False) for kind in {"sha256", *kinds}}
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        done = 0
        while block := file.read(_BLOCK):
            for each in found.values():
                each.update(block)
            done += len(block)
            progress(done / size, f"checking {path.name}")
    return {kind: each.hexdigest() for kind, each in found.items()}
