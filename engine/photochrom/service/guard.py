"""Access control: every request is checked here, for its sender, its query and its size, before its body is read.

A web page in the user's browser can send requests to 127.0.0.1, and so can other users of the computer: the token keeps
both out, the Host check stops names that an attacker points at 127.0.0.1 (DNS rebinding), and since no editor ever
sends an Origin, a request with one comes from a web page.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from photochrom.service.error_responses import ErrorResponse, as_json, invalid
from photochrom.service.layers import MAX_LAYER_BYTES
from photochrom.service.log import LOG
from photochrom_client.protocol import (
    CHANNEL_BYTES,
    MAX_GUIDANCE_SIDE,
    MAX_JSON_BYTES,
    MAX_PROFILE_BYTES,
    Route,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

GUIDANCE_BYTES = CHANNEL_BYTES * MAX_GUIDANCE_SIDE**2
"""One plane of a hint layer, a reference, a selection or what is known."""

LIMITS = {
    Route.LAYERS: MAX_LAYER_BYTES,
    Route.PROFILE: MAX_PROFILE_BYTES,
    Route.HINTS: 4 * GUIDANCE_BYTES,
    Route.REFERENCE: 3 * GUIDANCE_BYTES,
    Route.SELECTION: GUIDANCE_BYTES,
    Route.KNOWN: GUIDANCE_BYTES,
}
"""Route -> largest body in bytes; `MAX_JSON_BYTES` for all others."""
_LIMITS_BY_ENDING = {route.rpartition("}")[2]: most for route, most in LIMITS.items()}
PATIENCE = 30.0
"""Seconds without a byte after which reading a request body times out."""
READER_PATIENCE = 10
"""How many times longer a client may pause while it reads: an editor writes what it read into its own picture."""


class StreamBrokenError(Exception):
    """A response cannot be completed; the connection is closed, so that the client sees that it is too short."""


@dataclass
class Activity:
    """Use of the engine: open requests, and the time (monotonic) at which the last one began or ended."""

    open: int = 0
    last: float = field(default_factory=time.monotonic)


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, token: str, port: int, activity: Activity, patience: float = PATIENCE) -> None:
        self._app = app
        self._authorization = f"Bearer {token}".encode()
        self._hosts = {f"127.0.0.1:{port}".encode(), f"localhost:{port}".encode()}
        self._activity = activity
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        rejected = self._check(scope)
        if rejected:
            await _reject(send, rejected)
            _record(scope, rejected.status, began)
            return
        self._activity.open += 1
        self._activity.last = began
        response = _Response(send, READER_PATIENCE * self._patience)
        try:
            await self._app(scope, _Body(receive, response, self._patience), response)
        except StreamBrokenError as broken:
            LOG.warning("response incomplete: %s", broken)
        finally:
            self._activity.open -= 1
            self._activity.last = time.monotonic()
            _record(scope, response.status, began)

    def _check(self, scope: Scope) -> ErrorResponse | None:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _forbidden("host", "The Host header is not that of 127.0.0.1.")
        if b"origin" in headers:
            return _forbidden("origin", "The engine does not serve web pages: the request has an Origin.")
        given = headers.get(b"authorization", [])
        known = len(given) == 1 and hmac.compare_digest(given[0], self._authorization)
        if not known and scope["path"] != Route.PROOF:  # Clients ask for it before they send the token.
            return ErrorResponse(
                HTTPStatus.UNAUTHORIZED,
                "token",
                "The request lacks the engine's token.",
                "Read it from the runtime file; it is new with every start of the engine.",
            )
        return _check_query(scope["query_string"]) or _check_body(scope["path"], headers)


def _check_query(query: bytes) -> ErrorResponse | None:
    """Of a value that is given twice the framework would take one without a word."""
    names = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")]
    return None if len(set(names)) == len(names) else invalid("its query has a value twice")


def _check_body(path: str, headers: dict[bytes, list[bytes]]) -> ErrorResponse | None:
    if b"transfer-encoding" in headers:
        return ErrorResponse(
            HTTPStatus.LENGTH_REQUIRED,
            "length",
            "The request body has no Content-Length.",
            "Send it in one piece, with its length.",
        )
    limit = next((most for ending, most in _LIMITS_BY_ENDING.items() if path.endswith(ending)), MAX_JSON_BYTES)
    # The web server has rejected lengths that are not numbers, or contradict each other.
    if int(headers.get(b"content-length", [b"0"])[0]) > limit:
        return ErrorResponse(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-large",
            f"The body has more than {limit} bytes.",
            "Send less at once: a smaller picture or a part of it, a smaller profile, fewer files.",
        )
    return None


def _forbidden(code: str, cause: str) -> ErrorResponse:
    return ErrorResponse(
        HTTPStatus.FORBIDDEN, code, cause, "Use the editor's plug-in, or http://127.0.0.1 and the token."
    )


class _Response:
    """`send` with a timeout, which records the status and drops what follows a response of our own."""

    def __init__(self, send: Send, patience: float) -> None:
        self._send = send
        self._patience = patience
        self.status = 0
        self.given_up = False

    async def __call__(self, message: Message) -> None:
        if self.given_up:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
        try:
            await asyncio.wait_for(self._send(message), self._patience)
        except TimeoutError:
            self.given_up = True
            raise StreamBrokenError("the client stopped reading") from None

    async def give_up(self, error: ErrorResponse) -> None:
        if not self.status:
            await _reject(self, error)
        self.given_up = True


class _Body:
    """`receive` with a timeout up to the end of the body; after it, waiting for the disconnect has none."""

    def __init__(self, receive: Receive, response: _Response, patience: float) -> None:
        self._receive = receive
        self._response = response
        self._patience = patience
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._patience)
        except TimeoutError:
            self._complete = True
            await self._response.give_up(
                ErrorResponse(HTTPStatus.REQUEST_TIMEOUT, "slow", "Timed out reading the request body.", "Try again.")
            )
            return {"type": "http.disconnect"}
        self._complete = not message.get("more_body", False)
        return message


async def _reject(send: Send, error: ErrorResponse) -> None:
    """Responds without reading the body, and closes the connection."""
    content = json.dumps({"error": as_json(error)}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": int(error.status), "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _record(scope: Scope, status: int, began: float) -> None:
    path = scope["path"].encode("unicode_escape").decode()[:200]
    LOG.info("%s %s %d %.0f ms", scope["method"], path, status, 1000 * (time.monotonic() - began))
