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


class ClusterFailed(PhotochromError):
    """The computers of a cluster cannot be used: none there, one that differs from the others, or all gone."""

    code = "cluster-failed"
    exit_code = 6


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


class OutOfMemory(PhotochromError):
    """The computer has too little memory for this."""

    code = "no-memory"

    def __init__(self, cause: str = "There is not enough memory for this.", next_step: str = "") -> None:
        super().__init__(cause, next_step or "Close other programs; a smaller picture needs less.")


class Unexpected(PhotochromError):
    """An error that nobody foresaw: most likely a bug."""

    code = "internal"


ALLOCATION_FAILED = ("bad_alloc", "out of memory", "cannot allocate memory", "failed to allocate", "not enough memory")
"""How libraries that know no MemoryError (OpenVINO, libvips, torch) say it."""


def as_photochrom_error(error: Exception, subject: str = "") -> PhotochromError:
    """Any error as one that users see, with the original as its cause; `subject`: what was worked on."""
    start = f"{subject}: " if subject else ""
    if isinstance(error, PhotochromError):
        return error
    shown: PhotochromError
    if isinstance(error, MemoryError) or any(words in str(error).lower() for words in ALLOCATION_FAILED):
        shown = OutOfMemory(f"{start}not enough memory." if subject else "There is not enough memory for this.")
    elif isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename and str(error.filename) != subject else ""
        shown = PhotochromError(f"{start}{error.strerror or error}{where}.")
    else:
        text = f"{type(error).__name__}: {error}".rstrip(": ")
        shown = Unexpected(
            f"{start}{text[:500]}.", "Please report this, with what --debug prints (photochrom --debug …)."
        )
    shown.__cause__ = error
    return shown
