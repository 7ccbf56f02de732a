"""One engine for each user: a lock that ends with its process, and the runtime file that leads clients to it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from photochrom.errors import OutputFailed
from photochrom_client import lock
from photochrom_client.runtime_file import NAME, NO_LINKS, RuntimeFile, check_owner


class AlreadyRunsError(Exception):
    """Another engine holds the lock; `pid` is its process, None while it is still starting."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(pid)
        self.pid = pid


class Instance:
    """The engine that holds the lock in `folder`; it announces itself by the runtime file there."""

    def __init__(self, folder: Path, lock_file: int) -> None:
        self.path = folder / NAME
        self._folder = folder
        self._lock = lock_file
        self._announced: RuntimeFile | None = None

    def announce(self, file: RuntimeFile) -> None:
        """Writes the runtime file. Raises OutputFailed."""
        self._announced = file
        try:
            file.write(self.path)
        except OSError as error:
            raise _unusable(self._folder, error) from error

    def keep_announced(self) -> bool:
        """Takes lock and runtime file again where somebody removed them, as programs that clean caches do, or a
        session that ends. False if another engine has taken the lock meanwhile. Raises OSError."""
        if not self._holds_lock():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            renewed = _open(self._folder)
            if not lock.take(renewed):
                os.close(renewed)
                return False
            os.close(self._lock)
            self._lock = renewed
        if self._announced and not self.path.exists():
            self._announced.write(self.path)
        return True

    def withdraw(self) -> None:
        """Removes the runtime file if it is this engine's own."""
        with suppress(OSError, ValueError):
            if RuntimeFile.read(self.path) == self._announced:
                self.path.unlink()
        self._announced = None

    def close(self) -> None:
        self.withdraw()
        os.close(self._lock)

    def _holds_lock(self) -> bool:
        """Whether the locked file is still the one that others would lock."""
        try:
            return os.path.samestat(os.fstat(self._lock), os.stat(self._folder / lock.NAME))
        except OSError:
            return False


@contextmanager
def single_instance(folder: Path) -> Iterator[Instance]:
    """Holds the lock in `folder`, the user's runtime folder.

    The operating system releases the lock with the process, so a killed engine leaves at most a stale runtime file,
    which the next holder of the lock replaces. The file is removed at the end.

    Raises:
        AlreadyRunsError: another engine holds the lock.
        OutputFailed: the folder cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owner(folder.stat(), folder)
        file = _open(folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    if not lock.take(file):
        os.close(file)
        raise AlreadyRunsError(_pid(folder / NAME))
    instance = Instance(folder, file)
    try:
        instance.path.unlink(missing_ok=True)
        yield instance
    finally:
        instance.close()


def _unusable(folder: Path, error: OSError) -> OutputFailed:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return OutputFailed(
        f"The folder for the engine's runtime file cannot be used: {folder}: {error.strerror}.",
        "Free some space on that disk."
        if full
        else "Set PHOTOCHROM_RUNTIME_DIR to a folder that you alone may write to, for the engine and for the editor.",
    )


def _open(folder: Path) -> int:
    return os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT | NO_LINKS, 0o600)


def _pid(path: Path) -> int | None:
    try:
        return RuntimeFile.read(path).pid
    except (OSError, ValueError):
        return None
