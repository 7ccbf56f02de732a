"""Hashes of large files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from photochrom.progress import Progress, silent

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Hashed:
    """A file and its hashes: names of algorithms -> lower-case hex."""

    path: Path
    digests: Mapping[str, str]


def hashed(path: Path, kinds: Iterable[str], progress: Progress = silent) -> Hashed:
    """Hashes a file with these algorithms, and always with SHA-256, in one pass.

    Raises:
        OSError: the file cannot be read.
    """
    # Some authors published MD5 or SHA-1.
    found = {kind: hashlib.new(kind, usedforsecurity=False) for kind in {"sha256", *kinds}}
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        done = 0
        while block := file.read(_BLOCK):
            for each in found.values():
                each.update(block)
            done += len(block)
            progress(done / size, f"checking {path.name}")
    return Hashed(path, {kind: each.hexdigest() for kind, each in found.items()})
