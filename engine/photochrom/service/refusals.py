"""What the service says no with, and the HTTP status of every error."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from photochrom.errors import (
    BadPicture,
    BadRequest,
    Cancelled,
    ModelDamaged,
    ModelMissing,
    OutputFailed,
    PhotochromError,
)


class Refusal(PhotochromError):
    """An answer that is an error: `status`, a `code` for programs, cause and next step for people."""

    def __init__(self, status: HTTPStatus, code: str, cause: str, next_step: str) -> None:
        super().__init__(cause, next_step)
        self.status = status
        self.code = code


def status_of(error: PhotochromError) -> HTTPStatus:
    """The status that an error is answered with."""
    match error:
        case Refusal():
            return error.status
        case BadPicture() | BadRequest():
            return HTTPStatus.BAD_REQUEST
        case ModelMissing() | ModelDamaged() | Cancelled() | OutputFailed():
            return HTTPStatus.CONFLICT
    return HTTPStatus.INTERNAL_SERVER_ERROR


def in_json(error: PhotochromError) -> dict[str, Any]:
    """{"cause", "next_step", "code"}."""
    return {"cause": error.cause, "next_step": error.next_step, "code": error.code}


def internal() -> Refusal:
    """For what should not happen: the log has the traceback."""
    return Refusal(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong inside the engine.",
        "Try again. If it happens again, report it with the engine's log.",
    )


def no_memory() -> Refusal:
    return Refusal(
        HTTPStatus.INSUFFICIENT_STORAGE,
        "no-memory",
        "There is not enough memory for this.",
        "Close other programs; a smaller picture needs less.",
    )
