"""Who may speak to the engine, and how much: every request passes here before anything of it is read.

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

from photochrom.service.layers import MAX_LAYER_BYTES
from photochrom.service.log import LOG
from photochrom.service.refusals import Refusal, in_json
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
"""One plane of a hint layer, a reference or a selection."""

LIMITS = {
    Route.LAYERS: MAX_LAYER_BYTES,
    Route.PROFILE: MAX_PROFILE_BYTES,
    Route.HINTS: 4 * GUIDANCE_BYTES,
    Route.REFERENCE: 3 * GUIDANCE_BYTES,
    Route.SELECTION: GUIDANCE_BYTES,
}
"""Route -> largest body in bytes; `MAX_JSON_BYTES` for all others."""
_LIMITS_BY_ENDING = {route.rpartition("}")[2]: most for route, most in LIMITS.items()}
PATIENCE = 30.0
"""Seconds without a byte after which a body that was announced is given up."""
READER_PATIENCE = 10
"""So many times longer may a client pause while it reads: an editor writes what it has read into its own picture."""


class StreamBrokenError(Exception):
    """An answer that was begun cannot be finished; the connection is closed, so that the client sees it is short."""


@dataclass
class Activity:
    """Whether anybody uses the engine: requests open now, and when (monotonic) the last one began or ended."""

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
        refusal = self._refusal(scope)
        if refusal:
            await _refuse(send, refusal)
            _record(scope, refusal.status, began)
            return
        self._activity.open += 1
        self._activity.last = began
        answer = _Answer(send, READER_PATIENCE * self._patience)
        try:
            await self._app(scope, _Body(receive, answer, self._patience), answer)
        except StreamBrokenError as broken:
            LOG.warning("answer broken off: %s", broken)
        finally:
            self._activity.open -= 1
            self._activity.last = time.monotonic()
            _record(scope, answer.status, began)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _forbidden("host", "The engine is not addressed as 127.0.0.1.")
        if b"origin" in headers:
            return _forbidden("origin", "The engine does not answer web pages.")
        given = headers.get(b"authorization", [])
        if len(given) != 1 or not hmac.compare_digest(given[0], self._authorization):
            return Refusal(
                HTTPStatus.UNAUTHORIZED,
                "token",
                "The request does not have the engine's token.",
                "Read it from the runtime file; it changes with every start of the engine.",
            )
        return _body_refusal(scope["path"], headers)


def _body_refusal(path: str, headers: dict[bytes, list[bytes]]) -> Refusal | None:
    if b"transfer-encoding" in headers:
        return Refusal(
            HTTPStatus.LENGTH_REQUIRED, "length", "The body has no Content-Length.", "Send its length, not chunks."
        )
    limit = next((most for ending, most in _LIMITS_BY_ENDING.items() if path.endswith(ending)), MAX_JSON_BYTES)
    # The server itself has refused lengths that are no numbers, and several that differ.
    if int(headers.get(b"content-length", [b"0"])[0]) > limit:
        return Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-large",
            f"The body has more than {limit} bytes.",
            "Colorize a smaller picture, or a part of it.",
        )
    return None


def _forbidden(code: str, cause: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, code, cause, "Use the editor's plug-in, or http://127.0.0.1 and the token.")


class _Answer:
    """`send` that remembers the status, waits only so long, and drops what comes after an answer of our own."""

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
            raise StreamBrokenError("its reader stopped reading") from None

    async def give_up(self, refusal: Refusal) -> None:
        if not self.status:
            await _refuse(self, refusal)
        self.given_up = True


class _Body:
    """`receive` that waits for an announced body only so long; afterwards it waits for the disconnect as ever."""

    def __init__(self, receive: Receive, answer: _Answer, patience: float) -> None:
        self._receive = receive
        self._answer = answer
        self._patience = patience
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._patience)
        except TimeoutError:
            self._complete = True
            await self._answer.give_up(
                Refusal(HTTPStatus.REQUEST_TIMEOUT, "slow", "The body stopped coming.", "Try again.")
            )
            return {"type": "http.disconnect"}
        self._complete = not message.get("more_body", False)
        return message


async def _refuse(send: Send, refusal: Refusal) -> None:
    """Answers without reading the body: the connection ends with it."""
    content = json.dumps({"error": in_json(refusal)}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": int(refusal.status), "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _record(scope: Scope, status: int, began: float) -> None:
    path = scope["path"].encode("unicode_escape").decode()[:200]
    LOG.info("%s %s %d %.0f ms", scope["method"], path, status, 1000 * (time.monotonic() - began))
