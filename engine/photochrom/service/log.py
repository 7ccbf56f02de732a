"""The engine's log: small, rotating, the user's alone; what was asked and how it ended, never pixels or tokens."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from photochrom.errors import OutputFailed

LOG = logging.getLogger("photochrom.service")


def open_log(path: Path) -> None:
    """Sends our log and the web server's warnings to `path`: at most four files of one megabyte.

    Raises:
        OutputFailed: it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        raise OutputFailed(
            f"The engine's log cannot be written: {path}: {error.strerror}.", "Make that folder writable."
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    for logger, level in ((LOG, logging.INFO), (logging.getLogger("uvicorn"), logging.WARNING)):
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
