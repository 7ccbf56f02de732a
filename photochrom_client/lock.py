"""The lock that a user's engine holds for as long as its process lives, whatever ends it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

NAME = "engine.lock"


def take(file: int, *, shared: bool = False) -> bool:
    """Locks an open file without waiting; False if another process holds it. Closing the file unlocks it.

    `shared`: only to see whether an engine holds it; several processes can do so at once (not on Windows).
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_held(folder: Path) -> bool:
    """Whether an engine holds the lock in a runtime folder. If not, what the folder's runtime file says is outdated."""
    try:
        file = os.open(folder / NAME, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return not take(file, shared=True)
    finally:
        os.close(file)


def holder(folder: Path) -> int | None:
    """The process of the engine that holds the lock in a runtime folder, whether it answers or not. None if there is
    none, and where the system does not tell: Linux alone lists everybody's locks."""
    try:
        locked = os.stat(folder / NAME)
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:  # "7: FLOCK ADVISORY WRITE 4711 00:2f:1234 0 EOF"; with "->" in it, one that waits
        words = line.split()
        if words[1:4:2] == ["FLOCK", "WRITE"] and words[5].endswith(f":{locked.st_ino}"):
            process = int(words[4])
            if _has_open(process, locked):  # file systems disagree on the device
                return process
    return None


def _has_open(process: int, file: os.stat_result) -> bool:
    """Whether a process of this user has a file open."""
    with suppress(OSError):
        for each in os.scandir(f"/proc/{process}/fd"):
            with suppress(OSError):  # closed meanwhile
                if os.path.samestat(each.stat(), file):
                    return True
    return False
