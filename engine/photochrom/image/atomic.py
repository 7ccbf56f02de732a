"""Atomic output: a file is written under a temporary name in its folder, and renamed when it is complete.

Temporary names tell computer and process, so that what a killed process left is removed by the next one that writes
into the folder.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from photochrom.errors import OutputFailed


@contextmanager
def replacing(out: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yields a temporary file beside `out`, with its suffix; on success it replaces `out`, else it is removed.

    Without `overwrite`, a file of that name that appears meanwhile is left alone. Raises OutputFailed then, and where
    the file cannot be created or written.
    """
    _clear_leftovers(out.parent)
    try:
        handle, name = tempfile.mkstemp(prefix=_prefix(), suffix=out.suffix, dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        _finish(unfinished, out, overwrite=overwrite)
    except FileExistsError as error:
        raise already_exists(out) from error
    except OSError as error:
        raise _no_output(out, error) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """Yields a temporary folder beside `out`. Raises OutputFailed where it cannot be created."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=_prefix(), dir=out.parent)
    except OSError as error:
        raise _no_output(out, error) from error
    with folder as name:
        yield Path(name)


def already_exists(out: Path) -> OutputFailed:
    """The error for a file that must not be replaced."""
    return OutputFailed(f"{out} already exists.", "Choose another output, or replace it with --overwrite.")


def _finish(unfinished: Path, out: Path, *, overwrite: bool) -> None:
    """Flushes the file to disk, gives it the permissions of any new file, and renames it."""
    umask = os.umask(0)
    os.umask(umask)
    unfinished.chmod(out.stat().st_mode & 0o777 if out.exists() else 0o666 & ~umask)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    if not overwrite:
        try:
            os.link(unfinished, out)
            return
        except FileExistsError:
            raise
        except OSError:  # A file system without links, as on most memory cards: an empty file reserves the name.
            os.close(os.open(out, os.O_CREAT | os.O_EXCL))
    unfinished.replace(out)


def _prefix(process: int | None = None) -> str:
    return f"{_of_this_computer()}{os.getpid() if process is None else process}-"


def _of_this_computer() -> str:
    return f".photochrom-{sha256(platform.node().encode()).hexdigest()[:6]}-"


@cache
def _clear_leftovers(folder: Path) -> None:
    """Removes temporary files and folders of this computer's processes that no longer run; once for each folder."""
    start = _of_this_computer()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            process = entry.name.removeprefix(start).partition("-")[0]
            if not entry.name.startswith(start) or not process.isdecimal() or _runs(int(process)):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name == "nt":  # There, `os.kill` would end it.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # Another user's, or no process number.
        pass
    return True


def _no_output(out: Path, error: OSError) -> OutputFailed:
    next_step = {
        "FileNotFoundError": f"Create the folder {out.parent} first.",
        "NotADirectoryError": f"{out.parent} is not a folder: choose another.",
        "PermissionError": "Choose a folder that you can write to.",
    }.get(type(error).__name__, "Free some disk space, or choose another folder.")
    return OutputFailed(f"{out} cannot be written: {error.strerror or error}.", next_step)
