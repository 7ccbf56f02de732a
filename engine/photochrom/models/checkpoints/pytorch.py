"""PyTorch files: ZIP archives, and the plain pickles written before version 1.6."""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch.serialization import MAGIC_NUMBER, safe_globals

from photochrom.errors import CheckpointRefused

ZIP = b"PK\x03\x04"
PICKLE = pickle.dumps(MAGIC_NUMBER, protocol=2)

WRAPPINGS = ("params_ema", "params", "state_dict", "model")
"""Keys under which training programs store the weights among other things; averaged weights take precedence over the
last ones."""
DEEPEST = 3

NEXT_STEP = "Use a file of weights alone: a state dict, or safetensors."


def recognizes(head: bytes) -> bool:
    return head.startswith((ZIP, PICKLE))


class Ignored:
    """Stands in for callables in an optimizer's state, so that the weights beside it can be read: it does nothing."""

    def __init__(self, *arguments: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass


IGNORED = (
    "functools.partial",
    "torch.optim.adam.Adam",
    "builtins.slice",
    "__builtin__.slice",
    "numpy.dtype",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
)
"""fastai 1 saves its optimizer's constructor, and rates as numpy numbers; DeOldify's files have both."""


def read(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Raises CheckpointRefused for an archive of something else, and for one that contains code; torch.load's own
    errors for damaged ones."""
    with path.open("rb") as file, safe_globals([(Ignored, name) for name in IGNORED]):
        if file.read(len(ZIP)) == ZIP:
            _refuse_other_archives(path)
        file.seek(0)
        try:
            # The open file: torch.load decides by a name alone that a file is safetensors.
            found = torch.load(file, map_location="cpu", weights_only=True, mmap=False)
        except pickle.UnpicklingError as error:
            code = re.search(r"GLOBAL ([\w.]+)", str(error))
            if code is None:
                raise
            cause = f"{path.name} holds more than weights: it wants {code[1]}. Nothing of it was run."
            raise CheckpointRefused(cause, NEXT_STEP) from error
    for name, value in _unwrapped(found).items():
        if isinstance(name, str) and isinstance(value, torch.Tensor):
            yield name, value


def _refuse_other_archives(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    names = {entry.filename.rpartition("/")[2] for entry in entries}
    if "data.pkl" not in names:
        raise CheckpointRefused(f"{path.name} is a ZIP archive, but not of PyTorch.", "Unpack it first.")
    if "constants.pkl" in names:
        raise CheckpointRefused(f"{path.name} is a TorchScript program; it was not opened.", NEXT_STEP)
    # PyTorch never compresses, and a few compressed bytes can become gigabytes; so can those that entries share.
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise CheckpointRefused(
            f"{path.name} was compressed after PyTorch wrote it.", "Use the file as it was published."
        )
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise CheckpointRefused(f"{path.name} claims to hold more than it has.", "Use the file as it was published.")


def _unwrapped(found: Any) -> Mapping[Any, Any]:
    for _ in range(DEEPEST):
        if isinstance(found, Mapping):
            inner = (found[key] for key in WRAPPINGS if isinstance(found.get(key), Mapping))
            found = next(inner, found)
    return found if isinstance(found, Mapping) else {}
