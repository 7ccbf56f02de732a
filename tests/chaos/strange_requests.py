"""Random requests to a real engine: each is answered, with a reason where it is refused, and the engine lives on."""

from __future__ import annotations

import json
import random
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from photochrom_client.protocol import Route
from tests.service.living import Living, end, ready, run_job, send_layer, spawn

from .command_kills import PHOTOGRAPH
from .table import Row

PATIENCE = 20.0
"""Seconds after which a request counts as one that hangs."""

FRESH = 250
"""Requests after which there is a new layer: they delete it."""

ROUTES = sorted(
    value for name, value in vars(Route).items() if not name.startswith("_") and value != Route.FETCH
)  # that one would download
USUAL = {
    **dict.fromkeys((Route.PROFILE, Route.HINTS, Route.REFERENCE, Route.SELECTION), "PUT"),
    **dict.fromkeys((Route.LAYERS, Route.JOBS, Route.CANCEL, Route.MARKS, Route.BATCHES), "POST"),
    **dict.fromkeys((Route.BATCH_PAUSE, Route.BATCH_CONTINUE, Route.BATCH_RETRY, Route.BATCH_STOP), "POST"),
    Route.LAYER: "DELETE",
}
"""Route -> its method, where that is not GET."""
METHODS = ("GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "PRI", "X" * 40)
QUERIES = ("width", "height", "alpha", "form", "first", "rows", "nonce", "limit", "space", "side", "x")
FIELDS = (
    *("colorizer", "chroma", "style", "variant", "warmth", "tint", "object", "harmonize", "segmenter", "inputs"),
    *("output", "format", "file", "x", "y", "method", "strength", "page", "moonlight", "overwrite", "hints"),
)
ODD = (
    "0",
    "-1",
    "1",
    "37",
    "1e9",
    "nan",
    "99999999999999999999",
    "",
    "%00",
    "lite",
    "rgb8",
    "vivid",
    "é" * 9,
    "'\"<",
    "a" * 5000,
)


@dataclass
class Strange:
    """What the requests are made of: an engine's address, ids that exist, and files that may be used."""

    engine: Living
    rng: random.Random
    layer: str = ""
    job: str = ""

    def renew(self) -> None:
        """A layer and a finished job; all others go."""
        with self.engine.client() as client:
            if self.layer:
                client.delete(f"/v1/layers/{self.layer}")
            self.layer = send_layer(client, 37, 23)
            self.job, _ = run_job(client, self.layer, colorizer="lite")

    def target(self) -> str:
        """A method, and a path with a query."""
        rng = self.rng
        known = {"layer_id": self.layer, "job_id": self.job, "batch_id": "0" * 16}
        ids = {name: value if rng.random() < 0.7 else rng.choice(ODD) for name, value in known.items()}
        route = rng.choice(ROUTES)
        path = route.format(**ids)
        method = USUAL.get(route, "GET") if rng.random() < 0.8 else rng.choice(METHODS)
        if rng.random() < 0.1:
            path = rng.choice(("/", "*", "", "//", path + "/", path.upper(), "/..", path * 3, "http://x" + path, "/v9"))
        pairs = (f"{rng.choice(QUERIES)}={rng.choice(ODD)}" for _ in range(rng.choice((0, 0, 1, 2, 3))))
        query = "width=37&height=23" if rng.random() < 0.2 else "&".join(pairs)
        return f"{method} {path}?{query}" if query else f"{method} {path}"

    def value(self, depth: int = 0) -> object:
        """Any JSON. Strings that name files name those of the attempts."""
        rng = self.rng
        plain = (None, True, 0, -1, 0.5, 1, 99, 1e308, 10**30, "", "lite", "vivid", "é", "\0", "a" * 3000)
        files = (str(self.engine.base / name) for name in ("scan.jpg", "out", "none.png"))
        match rng.randrange(10 if depth < 4 else 6):
            case 6 | 7:
                return [self.value(depth + 1) for _ in range(rng.randrange(4))]
            case 8 | 9:
                return {rng.choice(FIELDS): self.value(depth + 1) for _ in range(rng.randrange(5))}
        return rng.choice((*plain, *files))

    def body(self) -> bytes:
        rng = self.rng
        match rng.randrange(6):
            case 0:
                return b""
            case 1:
                return rng.randbytes(rng.choice((1, 40, 70_000, *(4 * bands * 37 * 23 for bands in (1, 3, 4)))))
            case 2:
                return b"[" * rng.choice((10, 3000)) + b"{"
            case _:
                whole = {rng.choice(FIELDS): self.value() for _ in range(rng.randrange(4))}
                content = json.dumps(whole if rng.random() < 0.9 else self.value()).encode()
                return content if rng.random() < 0.8 else content[: rng.randrange(len(content) + 1)]

    def request(self) -> bytes:
        """A whole request; its connection is closed after it."""
        rng, body = self.rng, self.body()
        headers = [
            f"Host: 127.0.0.1:{self.engine.port}",
            f"Authorization: Bearer {self.engine.token if rng.random() < 0.95 else 'x'}",
            "Connection: close",
            f"Content-Length: {len(body)}",
        ]
        if rng.random() < 0.8:
            headers.append("Content-Type: application/json")
        if rng.random() < 0.1:
            odd = ("Origin: null", "Host: x", "Expect: 100-continue", "Upgrade: websocket", "Range: bytes=5-2", "X: ")
            headers.append(rng.choice((*odd, "Cookie: " + "c" * 9000, "Accept-Encoding: zip", "If-Match: *")))
        head = "\r\n".join([f"{self.target()} HTTP/1.1", *headers, "", ""])
        return head.encode() + body


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """Sends `times` requests to an engine that lives under `base` alone."""
    row = Row("random request")
    shutil.copy(PHOTOGRAPH, base / "scan.jpg")
    process = spawn(base)
    try:
        strange = Strange(ready(base, process), random.Random(seed))
        for number in range(times):
            if number % FRESH == 0:
                strange.renew()
            attempt(strange, row)
            row.tried += 1
            yield row
        strange.renew()
        if process.poll() is not None:
            row.faults.append(f"the engine ended with {process.returncode}")
        row.faults += ["a traceback in the log"] * strange.engine.log.count("Traceback")
    finally:
        end(process)
    yield row


def attempt(strange: Strange, row: Row) -> None:
    """One request, whole, garbled, or of a client that vanishes in the middle."""
    rng, request = strange.rng, strange.request()
    manner = rng.choices(("whole", "garbled", "vanished"), (8, 1, 1))[0]
    row.counted[manner] += 1
    with socket.create_connection(("127.0.0.1", strange.engine.port), PATIENCE) as connection:
        if manner == "vanished":
            connection.sendall(request[: rng.randrange(len(request))])
            return
        sent = garbled(request, rng) if manner == "garbled" else request
        try:
            response = exchanged(connection, sent, half=manner == "garbled")
        except TimeoutError:
            row.faults.append(f"no answer within {PATIENCE:.0f} s: {sent[:120]!r}")
            return
    if manner == "garbled" and is_cut(response):
        return  # this client has closed its half, which the engine may take for its end
    if (response or manner == "whole") and (wrong := what_is_wrong(sent, response)):
        row.faults.append(f"{wrong}: {sent[:120]!r} -> {response[:300]!r}")


def garbled(request: bytes, rng: random.Random) -> bytes:
    data = bytearray(request)
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(min(len(data), 250))
        data[place : place + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    return bytes(data)


def exchanged(connection: socket.socket, request: bytes, *, half: bool) -> bytes:
    """The whole response. The engine may answer, and close, before it has read all."""
    response = bytearray()
    try:
        connection.sendall(request)
        if half:
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(1 << 16):
            response += piece
    except (ConnectionError, BrokenPipeError):
        pass
    return bytes(response)


def is_cut(response: bytes) -> bool:
    """Whether a response has fewer bytes than it says."""
    head, _, body = response.partition(b"\r\n\r\n")
    said = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
    return said is not None and len(body) < int(said[1])


def what_is_wrong(request: bytes, response: bytes) -> str:
    """Empty where all is as it should be: a success, or a reason with cause and next step."""
    head, _, body = response.partition(b"\r\n\r\n")
    try:
        status = int(head.split(b" ", 2)[1])
    except (IndexError, ValueError):
        return "no status"
    if status < 400 or request.startswith(b"HEAD "):
        return "" if status < 500 else "a status of a fault inside"
    try:
        error = json.loads(body)["error"]
        reason = error["cause"] and error["next_step"]
    except (ValueError, LookupError, TypeError):
        reason = ""
    if not reason:
        return "no cause or no next step"
    return "a fault inside" if error["code"] == "internal" else ""
