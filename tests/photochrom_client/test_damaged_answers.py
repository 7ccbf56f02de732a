"""A connection that damages what a real engine answers: the client raises its own errors, never those of a parser."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import photochrom_client
from photochrom_client.connection import Connection
from photochrom_client.running import Status

pytestmark = pytest.mark.slow  # an engine of its own

WIDTH, HEIGHT = 40, 30
LIGHTNESS = array("f", [50.0] * WIDTH * HEIGHT).tobytes()

Damage = Callable[[bytes], bytes]
"""A whole response -> what the client gets of it."""


def cut(part: float) -> Damage:
    return lambda response: response[: int(len(response) * part)]


def instead(body: bytes) -> Damage:
    """Another body, with its own length."""

    def damage(response: bytes) -> bytes:
        head, _, _ = response.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length", b"transfer"))]
        return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])

    return damage


def without_headers(response: bytes) -> bytes:
    return re.sub(rb"Photochrom-[^\r]*\r\n", b"", response)


def with_nonsense_headers(response: bytes) -> bytes:
    return re.sub(rb"(Photochrom-\w+): [^\r]*\r\n", rb"\1: many\r\n", response)


DAMAGES: dict[str, Damage] = {
    "nothing": cut(0),
    "half of a status line": lambda response: response[:9],
    "half of the response": cut(0.5),
    "all but a byte": lambda response: response[:-1],
    "no HTTP": lambda response: b"SSH-2.0-OpenSSH\r\n",
    "a bad status": lambda response: response.replace(b" 200 ", b" abc ").replace(b" 201 ", b" abc "),
    "an error without a reason": lambda response: response.replace(b" 200 ", b" 500 ").replace(b" 201 ", b" 500 "),
    "no headers": without_headers,
    "nonsense in headers": with_nonsense_headers,
    "an empty body": instead(b""),
    "no JSON": instead(b'{"job": "1'),
    "null": instead(b"null\n"),
    "a number": instead(b"7\n"),
    "a list": instead(b"[null, 3]\n"),
    "an empty object": instead(b"{}\n"),
    "values of other kinds": instead(b'{"layer": {}, "job": [], "state": "done", "titles": 3, "scores": 4}\n'),
    "bytes that are no text": instead(b"\xff\xfe\x00\n"),
}


@contextmanager
def damaging(real: Connection, damage: Damage, wanted: str) -> Iterator[Connection]:
    """A connection to the same engine that damages the responses to requests for paths with `wanted`."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return
                request += line
            length = re.search(rb"(?i)content-length: (\d+)", request)
            body = self.rfile.read(int(length[1])) if length else b""
            request = re.sub(rb"(?i)(host: 127\.0\.0\.1:)\d+", rb"\g<1>%d" % real._port, request)
            with socket.create_connection(("127.0.0.1", real._port)) as engine:
                engine.sendall(request + body)
                response = b"".join(iter(lambda: engine.recv(1 << 16), b""))
            path = request.split(b" ", 2)[1].decode()
            self.wfile.write(damage(response) if wanted in path else response)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Connection(server.server_address[1], real._token, timeout=20)
        server.shutdown()


def use_all(engine: photochrom_client.Engine) -> None:
    """Asks for everything that a plug-in asks for."""
    engine.colorizers()
    engine.segmenters()
    engine.models()
    engine.batches()
    with engine.upload(WIDTH, HEIGHT, [LIGHTNESS]) as layer:
        job = layer.colorize({"colorizer": "lite"})
        job.preview()
        job.doubt()
        job.paint_first()
        for form in ("lab", "rgb8"):
            assert len(list(job.strips(form=form))) == 1
        layer.colorize({"object": {"x": 0.5, "y": 0.5}})


PATHS = [
    *("/colorizers", "/segmenters", "/models", "/batches", "/v1/layers?", "/jobs", "/events"),
    *("/preview", "/doubt", "/paint-first", "/pixels"),
]


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_a_damaged_answer_is_an_error_of_ours(engine: photochrom_client.Engine, damage: str) -> None:
    for path in PATHS:
        with damaging(engine._connection, DAMAGES[damage], path) as connection:
            damaged = photochrom_client.Engine(connection, Status(engine.version, engine.pid, engine._protocol))
            try:
                use_all(damaged)
            except photochrom_client.EngineError as error:
                assert error.cause and error.next_step


def test_a_connection_that_is_reset_while_it_is_made_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system does for an engine that is killed before it accepts the connection."""

    def reset(*_address: object, **_options: object) -> socket.socket:
        raise ConnectionResetError

    monkeypatch.setattr(socket, "create_connection", reset)
    with pytest.raises(photochrom_client.EngineError, match="stopped during the work"):
        Connection(1, None).ask("POST", "/v1/layers", {})
