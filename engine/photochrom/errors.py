"""What can go wrong, said the way a person needs it: the cause, and the next step.

Every error that a user can meet is one of these; the command line, the service and the plugins show
`cause` and `next_step` and never a traceback. `exit_code` is what the command line ends with.
"""

from __future__ import annotations


class PhotochromError(Exception):
    """Base of all errors shown to people: `cause` says what happened, `next_step` what to do about it."""

    code = "error"
    exit_code = 1

    def __init__(self, cause: str, next_step: str = "") -> None:
        super().__init__(f"{cause} {next_step}".strip())
        self.cause = cause
        self.next_step = next_step


class BadPicture(PhotochromError):
    """A file or layer that is not a picture we can read: damaged, empty, absurdly large, not an image."""

    code = "bad-picture"
    exit_code = 3


class OutputFailed(PhotochromError):
    """A result could not be written: no space, no permission, a format that cannot hold it."""

    code = "output-failed"
    exit_code = 4


class ModelMissing(PhotochromError):
    """A colorizer that is not installed, or that nobody knows."""

    code = "model-missing"
    exit_code = 5


class ModelDamaged(PhotochromError):
    """A model file whose content is not what its card says."""

    code = "model-damaged"
    exit_code = 5


class CheckpointRefused(PhotochromError):
    """A file that is no checkpoint we read or know: damaged, with code in it, of another network."""

    code = "checkpoint-refused"
    exit_code = 5


class DownloadFailed(PhotochromError):
    """A file that a server did not give whole: unreachable, refused, broken off, not the one that was published."""

    code = "download-failed"


class BadRequest(PhotochromError):
    """Something was asked for that cannot be: an option out of range, an unknown name."""

    code = "bad-request"
    exit_code = 2


class BadRecipe(PhotochromError):
    """A training recipe that cannot be followed."""

    code = "bad-recipe"
    exit_code = 2


class ExtraMissing(PhotochromError):
    """A part that the plain install leaves out; `next_step` names the extra to install."""

    code = "extra-missing"
    exit_code = 5


class Cancelled(PhotochromError):
    """The user stopped the work."""

    code = "cancelled"
    exit_code = 130

    def __init__(self, cause: str = "Cancelled.", next_step: str = "") -> None:
        super().__init__(cause, next_step)
