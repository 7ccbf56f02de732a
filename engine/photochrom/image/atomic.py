"""Atomic output: a file is written under a temporary name in its folder, and renamed when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.errors import OutputFailed


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Yields a temporary file beside `out`, with its suffix; on success it replaces `out`, else it is removed.

    Raises OutputFailed where it cannot be created or written.
    """
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
    """Yields a temporary folder beside `out`. Raises OutputFailed where it cannot be created."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".photochrom-", dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    with folder as name:
        yield Path(name)


def _finish(unfinished: Path, out: Path) -> None:
    """Flushes the file to disk, gives it the permissions of any new file, and renames it."""
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
        "PermissionError": "Choose a folder that you can write to.",
    }.get(type(error).__name__, "Free some disk space, or choose another folder.")
    return OutputFailed(f"{out} cannot be written: {error.strerror or error}.", next_step)
