"""Ends the user's running engine, whatever its version and state."""

from __future__ import annotations

import os
import signal
import time

from . import lock
from .errors import EngineGone
from .places import runtime_folder
from .running import find
from .translation import translated as _

PATIENCE = 15.0
"""Seconds within which an engine ends: it gives open answers five, and then closes its models."""


def stop(patience: float = PATIENCE) -> int | None:
    """Ends the running engine and waits until it serves no longer. Returns its process, None if none was running.

    One that does not end within `patience` seconds is killed where the lock tells for sure which process it is.

    Raises:
        EngineError: it may not be ended, or did not end; or, where the lock does not tell, it does not answer.
    """
    folder = runtime_folder()
    pid = lock.holder(folder)
    if pid is None:
        return _stop_serving(patience)
    for what in (signal.SIGTERM, signal.SIGKILL):
        _send(what, pid)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if lock.holder(folder) != pid:
                return pid
            time.sleep(0.05)
    raise _did_not_end(pid, patience)


def _stop_serving(patience: float) -> int | None:
    """Ends the engine that answers."""
    pid = _serving(patience)
    if pid is None:
        return None
    _send(signal.SIGTERM, pid)
    until = time.monotonic() + patience
    while _serving(patience) == pid:
        if time.monotonic() > until:
            raise _did_not_end(pid, patience)
        time.sleep(0.05)
    return pid


def _serving(patience: float) -> int | None:
    running = find(patience)
    return running.file.pid if running else None


def _send(what: signal.Signals, pid: int) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass
    except OSError as error:
        raise _unstoppable(_("The Photochrom engine cannot be ended: {error}."), pid, error=error.strerror) from error


def _did_not_end(pid: int, patience: float) -> EngineGone:
    cause = _("The Photochrom engine did not end within {seconds} seconds.")
    return _unstoppable(cause, pid, seconds=f"{patience:g}")


def _unstoppable(cause: str, pid: int, **words: object) -> EngineGone:
    return EngineGone(cause.format(**words), _("End process {pid}.").format(pid=pid))
