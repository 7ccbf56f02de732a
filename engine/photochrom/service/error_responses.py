"""Errors as HTTP responses: the status of each kind, and the JSON body that all of them share."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from photochrom.errors import (
    BadPicture,
    BadRequest,
    Cancelled,
    ModelDamaged,
    ModelMissing,
    OutOfMemory,
    OutputFailed,
    PhotochromError,
    Unexpected,
    as_photochrom_error,
)
from photochrom_client.protocol import Route


class ErrorResponse(PhotochromError):
    """Raised to answer a request with `status`. `code` is for programs, cause and next step are for people."""

    def __init__(self, status: HTTPStatus, code: str, cause: str, next_step: str) -> None:
        super().__init__(cause, next_step)
        self.status = status
        self.code = code


def status_of(error: PhotochromError) -> HTTPStatus:
    """The HTTP status of an error."""
    match error:
        case ErrorResponse():
            return error.status
        case BadPicture() | BadRequest():
            return HTTPStatus.BAD_REQUEST
        case ModelMissing() | ModelDamaged() | Cancelled() | OutputFailed():
            return HTTPStatus.CONFLICT
        case OutOfMemory():
            return HTTPStatus.INSUFFICIENT_STORAGE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def as_json(error: PhotochromError) -> dict[str, Any]:
    """{"cause", "next_step", "code"}: see `messages.ErrorContent`."""
    return {"cause": error.cause, "next_step": error.next_step, "code": error.code}


def invalid(fault: str) -> ErrorResponse:
    """For a request that makes no sense; `fault` is a sentence without its full stop."""
    cause = f"The request is not valid: {fault}."
    return ErrorResponse(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", cause, f"See {Route.OPENAPI}.")


def internal() -> ErrorResponse:
    """For a bug, whose traceback is in the log."""
    return ErrorResponse(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong inside the engine.",
        "Try again. If it happens again, report it with the engine's log.",
    )


def answer_to(error: Exception) -> PhotochromError:
    """Any error as one that users see."""
    shown = as_photochrom_error(error)
    return internal() if isinstance(shown, Unexpected) else shown


def no_http() -> bytes:
    """The whole response to what is no HTTP/1.1 request."""
    error = ErrorResponse(HTTPStatus.BAD_REQUEST, "http", "This is no HTTP/1.1 request.", "Send one.")
    body = json.dumps({"error": as_json(error)}).encode()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
