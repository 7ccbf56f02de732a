"""The engine's log: small, rotating, the user's alone; what was asked and how it ended, never pixels or tokens."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

LOG = logging.getLogger("photochrom.service")


class _PrivateHandler(RotatingFileHandler):
    """Writes files that the user alone can read, whatever the umask."""

    _complained = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the base class's name)
        """On a full disk every line fails: the base class would print a traceback for each."""
        if not self._complained:
            self._complained = True
            _complain(self.baseFilename, sys.exception())

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            file = os.open(path, flags, 0o600)
            if hasattr(os, "fchmod"):  # An older version wrote it with the umask's permissions.
                os.fchmod(file, 0o600)
            return file

        return cast(
            TextIOWrapper,
            open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=private),
        )


def open_log(path: Path) -> None:
    """Sends our log and the web server's warnings to `path`: at most four files of one megabyte. Where it cannot be
    written, now or later, that is said once on stderr, and the engine works without."""
    handler: logging.Handler
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        _complain(path, error)
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    for logger, level in ((LOG, logging.INFO), (logging.getLogger("uvicorn"), logging.WARNING)):
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False


def _complain(path: str | Path, error: BaseException | None) -> None:
    reason = error.strerror if isinstance(error, OSError) else error
    with contextlib.suppress(OSError):  # stderr may be closed, or on the same full disk
        print(f"photochrom: the engine's log cannot be written: {path}: {reason}", file=sys.stderr, flush=True)
