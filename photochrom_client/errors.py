"""Errors between an editor and the engine, with texts that the editor can show as they are."""

from __future__ import annotations

from .places import log_path
from .translation import translated as _


class EngineError(Exception):
    """Base class: `cause` is what happened, `next_step` what to do about it, `log_path` the engine's log.

    `str(error)` is the text for a dialog: cause, next step and log path on a line each.
    """

    def __init__(self, cause: str, next_step: str = "", code: str = "engine") -> None:
        self.cause = cause
        self.next_step = next_step
        self.code = code
        self.log_path = log_path()
        log = _("Log: {log}").format(log=self.log_path)
        super().__init__("\n".join(line for line in (cause, next_step, log) if line))


class EngineMissing(EngineError):
    """The command that starts the engine is unknown, or does not exist."""


class EngineNotStarted(EngineError):
    """The engine was started and did not become ready."""


class EngineIncompatible(EngineError):
    """The running engine speaks another protocol version."""


class EngineGone(EngineError):
    """The engine stopped responding during the work: killed, crashed, or out of memory."""


class RequestRefused(EngineError):
    """The engine rejected a request; `code` is the reason, for programs."""


class JobFailed(EngineError):
    """A job or a download failed; `code` is the reason, for programs."""


class Cancelled(EngineError):
    """The user stopped the work: there is nothing to show."""


class Unexpected(EngineError):
    """Any other exception, `error`, in the plug-in or the client: a bug."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            _("Photochrom met an error that it does not know ({error}). The image is as it was.").format(
                error=f"{type(error).__name__}: {error}"
            ),
            _("Try again; if it happens again, run “photochrom doctor” in a terminal and report what it says."),
            "unexpected",
        )
