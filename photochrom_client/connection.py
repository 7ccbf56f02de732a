"""HTTP requests to the engine on this computer, with a timeout on everything.

Each request has a connection of its own: on the loopback interface that costs nothing, and no connection can go stale
while a dialog is open.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterable, Iterator
from typing import Any

from .errors import EngineError, EngineGone, RequestRefused
from .translation import translated as _

TIMEOUT = 60.0
"""Seconds of silence after which the engine is given up. While it works, it sends an event every second."""


class Connection:
    """Requests to 127.0.0.1:port with the engine's token; None sends none."""

    def __init__(self, port: int, token: str | None, timeout: float = TIMEOUT) -> None:
        self._port = port
        self._token = token
        self._timeout = timeout

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """Sends JSON or no body, and returns the JSON of the response (None if it is empty)."""
        with self._answer(method, path, content) as answer:
            return answer.json()

    def send(self, method: str, path: str, chunks: Iterable[bytes], length: int) -> Any:
        """Sends `length` bytes as they are produced, and returns the JSON of the response (None if it is empty)."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
        with Answer(self, method, path, chunks, headers) as answer:
            return answer.json()

    def stream(self, path: str, content: Any = None) -> Answer:
        """Opens a response to be read in pieces; closing it stops the work behind it.

        With `content`, which is sent as JSON, the request is a POST.
        """
        return self._answer("GET" if content is None else "POST", path, content)

    def _answer(self, method: str, path: str, content: Any) -> Answer:
        body = None if content is None else [json.dumps(content).encode()]
        headers = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body[0]))}
        return Answer(self, method, path, body, headers)


class Answer:
    """A response without an error; an error response raises `RequestRefused` with the engine's cause and next step."""

    def __init__(
        self,
        connection: Connection,
        method: str,
        path: str,
        body: Iterable[bytes] | None,
        headers: dict[str, str],
    ) -> None:
        headers = {**headers, "Connection": "close"}
        if connection._token is not None:
            headers["Authorization"] = f"Bearer {connection._token}"
        self._http = http.client.HTTPConnection("127.0.0.1", connection._port, timeout=connection._timeout)
        try:
            self._response = self._exchange(method, path, body, headers)
            if self._response.status >= 400:
                raise self._error()
        except BaseException:
            self.close()
            raise

    def _exchange(
        self, method: str, path: str, body: Iterable[bytes] | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self._http.connect()  # An engine that ends meanwhile may reset the connection: then there is no response.
            # The engine may reject a request before it has read all of it: then the response is already there.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._http.request(method, path, body, headers)
            return self._http.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise gone(error) from error

    def _error(self) -> EngineError:
        try:
            error = json.loads(self._response.read(1 << 20))["error"]
            return RequestRefused(str(error["cause"]), str(error["next_step"]), str(error["code"]))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return EngineGone(
                _("The engine answered {status} without a reason.").format(status=self._response.status),
                _("Try again; if it happens again, look into the log."),
            )

    def header(self, name: str, default: str | None = None) -> str:
        """One header of the response. Raises `EngineGone` if it is missing and there is no `default`."""
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
                    raise gone(EOFError(f"{missing} of {size} bytes are missing"))
                parts.append(part)
                missing -= len(part)
        except (OSError, http.client.HTTPException) as error:
            raise gone(error) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def line(self) -> bytes:
        """The next line without its line break; empty at the end of the response."""
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


@contextlib.contextmanager
def understanding() -> Iterator[None]:
    """For reading values from an answer: what it lacks, or has of another kind, raises `EngineGone`."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise EngineGone(
            _("The Photochrom engine gave an answer that makes no sense here."),
            _("Try again. If it happens again, bring plug-in and engine to the same version."),
        ) from error


def gone(error: BaseException) -> EngineGone:
    """The error for a broken connection. What broke it, in the words of the operating system, is its cause alone: it
    says nothing to people."""
    if isinstance(error, TimeoutError):
        return EngineGone(
            _("The Photochrom engine did not answer in time."),
            _("Try again; the computer may be very busy, or short of memory."),
        )
    return EngineGone(
        _("The Photochrom engine stopped during the work."),
        _("Try again: it will be restarted. If it happens again, close other programs to free memory."),
    )
