"""One HTTP request at a time to the engine on this machine, with a timeout on everything.

Every request has its own connection: on the loopback that costs nothing, and no request can find a connection
that went stale while a dialog was open.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterable
from typing import Any

from .errors import EngineError, EngineGone, RequestRefused

TIMEOUT = 60.0
"""Seconds of silence after which the engine counts as gone. It says something every second while it works."""


class Connection:
    """Requests to 127.0.0.1:port with the engine's token."""

    def __init__(self, port: int, token: str, timeout: float = TIMEOUT) -> None:
        self._port = port
        self._token = token
        self._timeout = timeout

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """Sends JSON or nothing and returns the JSON of the answer (None for an empty one)."""
        with self._answer(method, path, content) as answer:
            return answer.json()

    def send(self, method: str, path: str, chunks: Iterable[bytes], length: int) -> Any:
        """Sends `length` bytes, as they come, and returns the JSON of the answer (None for an empty one)."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
        with Answer(self, method, path, chunks, headers) as answer:
            return answer.json()

    def stream(self, path: str, content: Any = None) -> Answer:
        """Opens an answer to read piece by piece; closing it tells the engine that nobody listens.

        With `content`, which is sent as JSON, it is the answer to a POST.
        """
        return self._answer("GET" if content is None else "POST", path, content)

    def _answer(self, method: str, path: str, content: Any) -> Answer:
        body = None if content is None else [json.dumps(content).encode()]
        headers = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body[0]))}
        return Answer(self, method, path, body, headers)


class Answer:
    """An answer whose status was good; a bad one raises `RequestRefused` with what the engine said."""

    def __init__(
        self,
        connection: Connection,
        method: str,
        path: str,
        body: Iterable[bytes] | None,
        headers: dict[str, str],
    ) -> None:
        headers = {**headers, "Authorization": f"Bearer {connection._token}", "Connection": "close"}
        self._http = http.client.HTTPConnection("127.0.0.1", connection._port, timeout=connection._timeout)
        try:
            self._response = self._exchange(method, path, body, headers)
            if self._response.status >= 400:
                raise self._refusal()
        except BaseException:
            self.close()
            raise

    def _exchange(
        self, method: str, path: str, body: Iterable[bytes] | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            # The engine may refuse before it has read everything: then it has said why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._http.request(method, path, body, headers)
            return self._http.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise gone(error) from error

    def _refusal(self) -> EngineError:
        try:
            said = json.loads(self._response.read(1 << 20))["error"]
            return RequestRefused(str(said["cause"]), str(said["next_step"]), str(said["code"]))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return EngineGone(
                f"The engine answered {self._response.status} {self._response.reason} and nothing else.",
                "Try again; if it stays so, look into the log.",
            )

    def header(self, name: str, default: str | None = None) -> str:
        """One header of the answer; `EngineGone` if it is not there and there is no `default`."""
        value = self._response.getheader(name, default)
        if value is None:
            raise gone(ValueError(f"no header {name}"))
        return value

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        parts = []
        missing = size
        try:
            while missing:
                part = self._response.read(missing)
                if not part:
                    raise gone(EOFError(f"{missing} of {size} bytes did not come"))
                parts.append(part)
                missing -= len(part)
        except (OSError, http.client.HTTPException) as error:
            raise gone(error) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def line(self) -> bytes:
        """The next line without its end; empty when the answer is over."""
        try:
            return self._response.readline(1 << 20).rstrip(b"\n")
        except (OSError, http.client.HTTPException) as error:
            raise gone(error) from error

    def json(self) -> Any:
        try:
            content = self._response.read()
            return json.loads(content) if content else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise gone(error) from error

    def close(self) -> None:
        self._http.close()
        response = getattr(self, "_response", None)
        if response is not None:
            response.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def gone(error: BaseException) -> EngineGone:
    """The error for a connection that broke, in words."""
    if isinstance(error, TimeoutError):
        return EngineGone(
            "The Photochrom engine did not answer in time.",
            "Try again; a very busy computer, or one short of memory, can be the reason.",
        )
    return EngineGone(
        f"The Photochrom engine is gone: it ended or was ended during the work ({error}).",
        "Try again: it is started anew. If it happens again, close other programs to free memory.",
    )
