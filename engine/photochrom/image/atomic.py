"""Outputs appear whole or not at all: made beside their final name, and moved there when they are complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.errors import OutputFailed


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A temporary file in the folder of `out` with its suffix: moved to `out` at the end, or removed."""
    try:
        handle, name = tempfile.mkstemp(prefix=".photochrom-", suffix=out.suffix, dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        _finish(unfinished, out)
    except OSError as error:
        raise _no_output(out, error) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """A temporary folder in the folder of `out`, for the parts of it."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".photochrom-", dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    with folder as name:
        yield Path(name)


def _finish(unfinished: Path, out: Path) -> None:
    """To the disk, with the permissions any new file gets, then to its name."""
    umask = os.umask(0)
    os.umask(umask)
    unfinished.chmod(out.stat().st_mode & 0o777 if out.exists() else 0o666 & ~umask)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(out)


def _no_output(out: Path, error: OSError) -> OutputFailed:
    next_step = {
        "FileNotFoundError": f"Create the folder {out.parent} first.",
        "NotADirectoryError": f"{out.parent} is not a folder: choose another.",
        "PermissionError": "Choose a folder that you may write to.",
    }.get(type(error).__name__, "Make room on the disk, or choose another folder.")
    return OutputFailed(f"{out} cannot be written: {error.strerror or error}.", next_step)
