"""Errors that users see: a cause, and the next step.

The command line, the service and the plug-ins show `cause` and `next_step`, never a traceback. `code` names the kind of
error on the wire; `exit_code` is the exit status of the command line.
"""

from __future__ import annotations


class PhotochromError(Exception):
    """Base of all errors that users see. `cause`: what happened; `next_step`: what to do about it."""

    code = "error"
    exit_code = 1

    def __init__(self, cause: str, next_step: str = "") -> None:
        super().__init__(f"{cause} {next_step}".strip())
        self.cause = cause
        self.next_step = next_step


class BadPicture(PhotochromError):
    """A file or layer that cannot be read as a picture: damaged, empty, far too large, not an image."""

    code = "bad-picture"
    exit_code = 3


class OutputFailed(PhotochromError):
    """The result cannot be written: no space, no permission, a format that cannot hold it."""

    code = "output-failed"
    exit_code = 4


class ModelMissing(PhotochromError):
    """A model that is unknown or not installed."""

    code = "model-missing"
    exit_code = 5


class ModelDamaged(PhotochromError):
    """A model file that is missing, or differs from its card."""

    code = "model-damaged"
    exit_code = 5


class CheckpointRefused(PhotochromError):
    """A file that is not a known checkpoint: damaged, of another network, or with code in it."""

    code = "checkpoint-refused"
    exit_code = 5


class DownloadFailed(PhotochromError):
    """A download that did not complete: unreachable, refused, interrupted, or not the published file."""

    code = "download-failed"


class BadRequest(PhotochromError):
    """A request that cannot be met: an option out of range, an unknown name."""

    code = "bad-request"
    exit_code = 2


class BadRecipe(PhotochromError):
    """An invalid training recipe."""

    code = "bad-recipe"
    exit_code = 2


class ExtraMissing(PhotochromError):
    """An optional dependency is not installed; `next_step` names the extra to install."""

    code = "extra-missing"
    exit_code = 5


class Cancelled(PhotochromError):
    """The user stopped the work."""

    code = "cancelled"
    exit_code = 130

    def __init__(self, cause: str = "Cancelled.", next_step: str = "") -> None:
        super().__init__(cause, next_step)
