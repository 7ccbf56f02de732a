"""Who may speak to the engine, and how much."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable

import pytest
from living import Living, run_job, send_layer
from patience import patience

pytestmark = pytest.mark.slow  # engines of its own


def speak(engine: Living, head: str, body: bytes = b"", timeout: float = 10) -> tuple[int, dict[str, str], bytes]:
    """Sends raw bytes and reads to the end of the connection: status, headers, content."""
    with socket.create_connection(("127.0.0.1", engine.port), timeout=timeout) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
        answer = b""
        try:
            while part := connection.recv(1 << 16):
                answer += part
        except ConnectionResetError:
            pass
    first, _, content = answer.partition(b"\r\n\r\n")
    status, *headers = first.decode().split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in headers)
    return int(status.split()[1]), named, content


def head(engine: Living, request: str = "GET /v1/status", **headers: str | None) -> str:
    usual: dict[str, str | None] = {
        "Host": f"127.0.0.1:{engine.port}",
        "Authorization": f"Bearer {engine.token}",
        "Connection": "close",
    }
    lines = [f"{request} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in (usual | headers).items() if value is not None]
    return "\n".join(lines) + "\n"


def code(content: bytes) -> str:
    error = json.loads(content)["error"]
    assert error["cause"] and error["next_step"]
    return str(error["code"])


def test_owner_is_answered(engine: Living) -> None:
    status, _, content = speak(engine, head(engine))
    assert status == 200
    assert json.loads(content)["pid"] == engine.process.pid
    assert speak(engine, head(engine, Host=f"localhost:{engine.port}"))[0] == 200


@pytest.mark.parametrize("token", [None, "Bearer x", "Bearer ", "Basic {token}", "{token}", "Bearer {token}x", "\xe9"])
def test_requests_without_the_token_are_refused(engine: Living, token: str | None) -> None:
    given = token.format(token=engine.token) if token else None
    status, headers, content = speak(engine, head(engine, Authorization=given))
    assert status == 401
    assert code(content) == "token"
    assert headers["www-authenticate"] == "bearer"
    assert engine.token not in content.decode()


def test_every_path_needs_the_token(engine: Living) -> None:
    for path in ("/", "/v1/openapi.json", "/v1/colorizers", "/nothing"):
        assert speak(engine, head(engine, f"GET {path}", Authorization=None))[0] == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}"])
def test_other_hosts_are_refused(engine: Living, host: str) -> None:
    status, _, content = speak(engine, head(engine, Host=host.format(port=engine.port)))
    assert (status, code(content)) == (403, "host")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:{port}"])
def test_web_pages_are_refused(engine: Living, origin: str) -> None:
    status, _, content = speak(engine, head(engine, Origin=origin.format(port=engine.port)))
    assert (status, code(content)) == (403, "origin")


def test_only_the_loopback_is_bound(engine: Living) -> None:
    with socket.socket() as other:
        other.settimeout(2)
        with pytest.raises(OSError):
            other.connect(("127.0.0.2", engine.port))


def test_too_large_body_is_refused_before_it_is_sent(engine: Living) -> None:
    for path, length in (("/v1/layers?width=1&height=1", 8_000_000_001), ("/v1/layers/0/jobs", 70_000)):
        status, _, content = speak(engine, head(engine, f"POST {path}", Content_Length=str(length)))
        assert (status, code(content)) == (413, "too-large")
    status, _, content = speak(
        engine, head(engine, "PUT /v1/layers/0123456789abcdef/profile", Content_Length="20000000")
    )
    assert (status, code(content)) == (413, "too-large")


def test_a_value_given_twice_is_refused(engine: Living) -> None:
    with engine.client() as client:
        assert client.get("/v1/batches?output=/a").status_code == 200
        for query in ("output=/a&output=/b", "output=&output="):
            refused = client.get(f"/v1/batches?{query}")
            assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid")


def test_too_many_pixels_are_refused(engine: Living) -> None:
    request = "POST /v1/layers?width=500000&height=500000"
    status, _, content = speak(engine, head(engine, request, Content_Length="100"))
    assert (status, code(content)) == (413, "too-large")


def test_body_without_length_is_refused(engine: Living) -> None:
    request = head(engine, "POST /v1/layers?width=2&height=2", Transfer_Encoding="chunked")
    status, _, content = speak(engine, request, b"4\r\nabcd\r\n0\r\n\r\n")
    assert (status, code(content)) == (411, "length")


@pytest.mark.parametrize("length", [0, 15, 17, 64])
def test_length_that_does_not_fit_the_size_is_refused(engine: Living, length: int) -> None:
    request = head(engine, "POST /v1/layers?width=2&height=2", Content_Length=str(length))
    status, _, content = speak(engine, request, bytes(length))
    assert (status, code(content)) == (400, "wrong-length")


@pytest.mark.parametrize(("samples", "length"), [("u8", 4 * 256 + 4), ("u16", 4 * 65_536 + 8)])
def test_samples_come_with_their_table(engine: Living, samples: str, length: int) -> None:
    path = f"/v1/layers?width=2&height=2&samples={samples}"
    for wrong in (length - 1, length + 1, 16):
        status, _, content = speak(engine, head(engine, f"POST {path}", Content_Length=str(wrong)))
        assert (status, code(content)) == (400, "wrong-length")
    for other, refusal in ((f"{path}2", 422), (path.replace("=2", "=60000"), 413)):
        assert speak(engine, head(engine, f"POST {other}", Content_Length="16"))[0] == refusal
    with engine.client() as client:
        assert client.post(path, content=bytes(length)).status_code == 201


def test_lying_length_leaves_no_layer(engine: Living) -> None:
    with engine.client() as client:
        before = client.get("/v1/status").json()["layers"]
        begun = len(engine.log.splitlines())
        with socket.create_connection(("127.0.0.1", engine.port)) as connection:
            request = head(engine, "POST /v1/layers?width=100&height=100", Content_Length="40000")
            connection.sendall(request.replace("\n", "\r\n").encode() + b"\r\n" + bytes(20_000))
        # The engine writes down every request when it is over, this one too.
        until = time.monotonic() + patience(60)
        while not (over := [line for line in engine.log.splitlines()[begun:] if "POST /v1/layers" in line]):
            assert time.monotonic() < until
            time.sleep(0.02)
        assert " 201 " not in over[0]
        assert client.get("/v1/status").json()["layers"] == before


def test_vanished_clients_leave_no_traceback(engine: Living) -> None:
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, 300, 200), colorizer="lite")
        begun = len(engine.log)
        requests = [
            (head(engine, "POST /v1/layers?width=300&height=200", Content_Length="240000"), bytes(90_000)),
            (head(engine, f"GET /v1/jobs/{job}/pixels"), b""),
            (head(engine, f"GET /v1/jobs/{job}/events"), b""),
        ]
        for request, body in requests:
            for reset in (False, True):
                with socket.create_connection(("127.0.0.1", engine.port)) as connection:
                    connection.sendall(request.replace("\n", "\r\n").encode() + b"\r\n" + body)
                    if reset:  # closed at once, with what was not sent or read yet
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        until = time.monotonic() + patience(60)
        while engine.log[begun:].count(" /v1/") < 2 * len(requests):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert "Traceback" not in engine.log[begun:]


def test_two_lengths_are_refused(engine: Living) -> None:
    request = head(engine, "POST /v1/layers?width=2&height=2", Content_Length="16\nContent-Length: 17")
    assert speak(engine, request, bytes(16))[0] == 400


def test_slow_body_is_given_up(start: Callable[..., Living]) -> None:
    engine = start("patience=0.5")
    began = time.monotonic()
    request = head(engine, "POST /v1/layers?width=100&height=100", Content_Length="40000")
    status, _, content = speak(engine, request, bytes(1000))
    assert (status, code(content)) == (408, "slow")
    request = head(
        engine, "POST /v1/layers/0123456789abcdef/jobs", Content_Length="40", Content_Type="application/json"
    )
    status, _, content = speak(engine, request, b"{")
    assert (status, code(content)) == (408, "slow")
    assert time.monotonic() - began < 25
    with engine.client() as client:
        assert client.get("/v1/status").json()["layers"] == 0


def test_reader_that_stops_is_given_up(start: Callable[..., Living]) -> None:
    engine = start("patience=0.1")
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, 1500, 1500), colorizer="lite")
        with socket.create_connection(("127.0.0.1", engine.port)) as connection:
            connection.sendall(head(engine, f"GET /v1/jobs/{job}/pixels").replace("\n", "\r\n").encode() + b"\r\n")
            until = time.monotonic() + patience(60)
            while "stopped reading" not in engine.log:
                assert time.monotonic() < until
                time.sleep(0.05)
        assert client.get("/v1/status").status_code == 200


def test_layers_of_vanished_clients_make_way(engine: Living) -> None:
    with engine.client() as client:
        layers = [send_layer(client, 8, 8)]
        job, _ = run_job(client, layers[0], colorizer="lite")
        for _ in range(20):
            layers.append(send_layer(client, 8, 8))
            run_job(client, layers[-1], colorizer="lite")
        assert client.get(f"/v1/jobs/{job}/preview").status_code == 404
        assert client.get("/v1/status").json()["layers"] <= 16
        assert client.delete(f"/v1/layers/{layers[0]}").status_code == 404
        assert client.delete(f"/v1/layers/{layers[-1]}").status_code == 204


def test_traces_are_sent_nowhere_whatever_the_environment_says(
    start: Callable[..., Living], monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastAPI exports them where the variables of OpenTelemetry ask for it, or warns where it cannot."""
    with socket.create_server(("127.0.0.1", 0)) as collector:
        address = f"http://127.0.0.1:{collector.getsockname()[1]}"
        asked = {"FASTAPI_OTEL_AUTO_CONFIGURE": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": address}
        for name, value in {**asked, "OTEL_SDK_DISABLED": "false"}.items():
            monkeypatch.setenv(name, value)
        engine = start()
        with engine.client() as client:
            assert client.get("/v1/status").status_code == 200
        engine.process.terminate()  # what is left to be sent is sent then
        assert "telemetry" not in engine.process.communicate(timeout=60)[0]
        collector.setblocking(False)
        with pytest.raises(BlockingIOError):
            collector.accept()


def test_log_has_no_token_and_no_pixels(engine: Living) -> None:
    with engine.client() as client:
        send_layer(client, 16, 16)
    log = engine.log
    assert "POST /v1/layers 201" in log
    assert engine.token not in log
    assert (engine.base / "state" / "photochrom").stat().st_mode & 0o077 == 0


def test_methods_of_a_path_are_listed_where_another_one_is_used(engine: Living) -> None:
    with engine.client() as client:
        hints = client.patch("/v1/layers/0123456789abcdef/hints")
        status = client.post("/v1/status")
    assert (hints.status_code, hints.headers["allow"]) == (405, "DELETE, PUT")
    assert (status.status_code, status.headers["allow"]) == (405, "GET")
