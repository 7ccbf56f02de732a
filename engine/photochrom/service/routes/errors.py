"""Exception handlers: every error leaves as JSON with cause, next step and code."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from photochrom.errors import PhotochromError
from photochrom.service.error_responses import ErrorResponse, as_json, internal, invalid, status_of
from photochrom.service.invalid_requests import in_words
from photochrom_client.protocol import Route


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(PhotochromError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _internal)


def _response(status: int, error: PhotochromError, headers: Any = None) -> JSONResponse:
    # The rest of a body that was not read must not be taken for the next request.
    return JSONResponse({"error": as_json(error)}, status, headers={**(headers or {}), "Connection": "close"})


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PhotochromError)
    return _response(status_of(error), error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fault = invalid(in_words(error.errors()))
    return _response(fault.status, fault)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    response = ErrorResponse(status, status.name.lower().replace("_", "-"), f"{error.detail}.", f"See {Route.OPENAPI}.")
    headers = error.headers
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        # Of several routes with this path, the framework lists the methods of the first one only.
        paths = request.app.openapi()["paths"]
        here = [methods for path, methods in paths.items() if compile_path(path)[0].match(request.url.path)]
        headers = {"Allow": ", ".join(sorted(method.upper() for methods in here for method in methods))}
    return _response(status, response, headers)


async def _left(request: Request, error: Exception) -> Response:
    """For nobody: the client went away before it had sent all of its request, which is no fault of the engine."""
    return Response(status_code=HTTPStatus.BAD_REQUEST, headers={"Connection": "close"})


async def _internal(request: Request, error: Exception) -> JSONResponse:
    return _response(500, internal())
