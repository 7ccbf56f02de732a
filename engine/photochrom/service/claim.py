"""One engine a user: a lock that dies with its process, and the runtime file that says where the engine is."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.errors import OutputFailed
from photochrom_client.runtime_file import NAME, RuntimeFile


class AlreadyRunsError(Exception):
    """Another living engine holds the place; `pid` is its process, None while it is only just starting."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(pid)
        self.pid = pid


@contextmanager
def claim(folder: Path) -> Iterator[Path]:
    """Holds the user's one place for an engine in `folder`; gives the path that the runtime file must have.

    The operating system ends the lock with the process, so a killed engine leaves at most a stale runtime file, and
    whoever holds the lock may replace it. The file is removed at the end.

    Raises:
        AlreadyRunsError: a living engine holds the place.
        OutputFailed: the folder cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":  # there the user's own folders are closed to others
            if folder.stat().st_uid != os.getuid():
                raise PermissionError(errno.EPERM, "it belongs to another user")
        lock = os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutputFailed(
            f"The folder for the engine's runtime file cannot be used: {folder}: {error.strerror}.",
            "Set PHOTOCHROM_RUNTIME_DIR to a folder of your own, for the engine and for the editor.",
        ) from error
    path = folder / NAME
    try:
        if not _lock(lock):
            raise AlreadyRunsError(_pid(path))
        path.unlink(missing_ok=True)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(lock)


def _pid(path: Path) -> int | None:
    try:
        return RuntimeFile.read(path).pid
    except (OSError, ValueError):
        return None


def _lock(file: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
