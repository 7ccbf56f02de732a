"""Parts of the OpenAPI description that several routes share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Security
from fastapi.security import HTTPBearer

from photochrom.service.messages import ErrorAnswer, Event

BODY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LENGTH_REQUIRED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""Error statuses of every route with a body."""

LayerId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]

Responses = dict[int | str, dict[str, Any]]


def router() -> APIRouter:
    """A router whose routes require the token."""
    always = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR)
    return APIRouter(
        # The guard checks the token before any of this runs; this line is for the description.
        dependencies=[Security(HTTPBearer(auto_error=False, description="The token of the runtime file."))],
        responses=errors(*always, HTTPStatus.BAD_REQUEST),
    )


def errors(*statuses: HTTPStatus) -> Responses:
    """Responses with these error statuses."""
    return {int(status): {"model": ErrorAnswer, "description": status.phrase} for status in statuses}


def raw_bytes(description: str) -> Responses:
    """A response of raw bytes."""
    return {200: {"description": description, "content": _BYTES}}


def raw_body(description: str) -> dict[str, Any]:
    """A request body of raw bytes, as `openapi_extra`."""
    return {"requestBody": {"required": True, "description": description, "content": _BYTES}}


def events(kind: type[Event]) -> Responses:
    """A response that streams events, one JSON object on each line."""
    schema = kind.model_json_schema()
    line = _inlined(schema, schema.pop("$defs"))
    description = "One event on each line, at least one per second; the last one has the final state."
    return {200: {"description": description, "content": {"application/x-ndjson": {"itemSchema": line}}}}


_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A JSON schema without references: FastAPI adds no components for schemas written into OpenAPI by hand."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}
