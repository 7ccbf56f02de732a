"""A folder for files on their way from the editor to the engine, on a disk: /tmp is in memory on many systems."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..places import spool_folder

FORGOTTEN = 3600
"""Seconds after which a folder is one that an editor left behind: GIMP kills plug-ins that are cancelled."""

_PREFIX = "handed-on-"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that only the user can read, and that is removed at the end."""
    place = spool_folder().with_name("exports")
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another editor may end an export at this moment
            if not left.is_symlink() and time.time() - left.lstat().st_mtime > FORGOTTEN:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
