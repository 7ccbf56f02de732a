"""Safetensors files: a JSON header with names, types and offsets, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

MOST_HEADER = 100_000_000
"""In bytes: the format's own limit."""


def recognizes(head: bytes) -> bool:
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= MOST_HEADER


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    from safetensors.torch import load

    yield from load(path.read_bytes()).items()
