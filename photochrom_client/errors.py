"""What can go wrong between an editor and the engine, in words an editor can show as they are."""

from __future__ import annotations

from .places import log_path
from .translation import translated as _


class EngineError(Exception):
    """Base of all: `cause` says what happened, `next_step` what to do, `log_path` where the engine's log is.

    `str(error)` is the text for a dialog: cause, next step and the log's place, a line each.
    """

    def __init__(self, cause: str, next_step: str = "", code: str = "engine") -> None:
        self.cause = cause
        self.next_step = next_step
        self.code = code
        self.log_path = log_path()
        log = _("Log: {log}").format(log=self.log_path)
        super().__init__("\n".join(line for line in (cause, next_step, log) if line))


class EngineMissing(EngineError):
    """Nothing says how to start the engine, or what it says is not there."""


class EngineNotStarted(EngineError):
    """The engine was started and did not become ready, or one runs that does not answer."""


class EngineIncompatible(EngineError):
    """An engine runs whose protocol is not ours."""


class EngineGone(EngineError):
    """The engine stopped answering in the middle of the work: killed, crashed, or out of memory."""


class RequestRefused(EngineError):
    """The engine understood and said no; `code` is its word for why."""


class JobFailed(EngineError):
    """The work itself failed, a coloring or a download; `code` is the engine's word for why."""


class Cancelled(EngineError):
    """The user stopped the work. Nothing to show."""


class Unexpected(EngineError):
    """Anything else that went wrong, in the plug-in itself too: `error` is an exception that nobody expected."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            _("Photochrom met an error that it does not know ({error}). The image is as it was.").format(
                error=f"{type(error).__name__}: {error}"
            ),
            _("Try again; if it happens again, run “photochrom doctor” in a terminal and report what it says."),
            "unexpected",
        )
