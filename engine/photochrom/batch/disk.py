"""Errors that say something of a disk, not of a file on it: the others would fare no better."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

_ERRORS: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ENODEV}

_PROBE: Final = 1 << 20
"""Bytes that a disk with room takes."""


def is_of_disk(error: BaseException, folder: Path) -> bool:
    """Whether `error`, of writing to `folder`, means that the disk is full or gone."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _ERRORS:
            return True
        cause = cause.__cause__
    if os.strerror(errno.ENOSPC) in str(error):  # libvips gives no number
        return True
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return True
    return False


def way_out(error: BaseException, folder: Path) -> str:
    """What to do about an `error` of beginning a batch in `folder`."""
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "Choose another folder: there is a file in its place."
    if is_of_disk(error, folder):
        return "Make room on the disk, or reconnect it."
    return "Choose a folder that you may write to."
