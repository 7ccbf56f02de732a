"""One engine for each user: a lock that ends with its process, and the runtime file that leads clients to it."""

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
    """Another engine holds the lock; `pid` is its process, None while it is still starting."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(pid)
        self.pid = pid


@contextmanager
def single_instance(folder: Path) -> Iterator[Path]:
    """Holds the lock in `folder`, the user's runtime folder; yields the path for the runtime file.

    The operating system releases the lock with the process, so a killed engine leaves at most a stale runtime file,
    which the next holder of the lock replaces. The file is removed at the end.

    Raises:
        AlreadyRunsError: another engine holds the lock.
        OutputFailed: the folder cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":  # there, a user's own folders are closed to others
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
