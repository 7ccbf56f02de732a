"""A client sends the token to nobody but the user's engine."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photochrom_client import lock, running
from photochrom_client.errors import EngineGone
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile

TOKEN = "a-secret-token"


class Impostor:
    """Another program on the port of a killed engine; it answers every request with `answer` and keeps what it got."""

    def __init__(self, answer: dict[str, object]) -> None:
        self.received = b""
        self._body = json.dumps(answer).encode()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.received += connection.recv(65536)
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self._body)}\r\n\r\n"
                connection.sendall(head.encode() + self._body)
                connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def held(folder: Path) -> Iterator[None]:
    """Some engine holds the lock."""
    file = os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600)
    assert lock.take(file)
    yield
    os.close(file)


@pytest.fixture
def impostor() -> Iterator[Impostor]:
    answers = {"version": "0.1.0", "pid": os.getpid(), "proof": "0" * 64}
    found = Impostor(answers)
    yield found
    found.close()


def announce(folder: Path, port: int) -> RuntimeFile:
    file = RuntimeFile(port, TOKEN, os.getpid(), "0.1.0", PROTOCOL)
    file.write(folder / "engine.json")
    return file


def test_the_file_of_a_dead_engine_is_not_believed(folder: Path, impostor: Impostor) -> None:
    announce(folder, impostor.port)
    assert running.find(5) is None
    assert impostor.received == b""


@pytest.mark.usefixtures("held")
def test_who_cannot_prove_to_know_the_token_never_gets_it(folder: Path, impostor: Impostor) -> None:
    announce(folder, impostor.port)
    assert running.find(5) is None
    assert b"/v1/proof" in impostor.received
    assert TOKEN.encode() not in impostor.received


@pytest.mark.usefixtures("held")
def test_an_engine_that_does_not_answer_is_named(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        announce(folder, deaf.getsockname()[1])
        with pytest.raises(EngineGone) as hung:
            running.find(0.2)
    assert str(os.getpid()) in hung.value.next_step


def test_a_proof_is_for_one_nonce_one_port_and_one_token(folder: Path) -> None:
    file = announce(folder, 4321)
    proof = file.proof("ab" * 32)
    assert file.is_proof("ab" * 32, proof)
    assert not file.is_proof("cd" * 32, proof)
    assert not file._replace(port=4322).is_proof("ab" * 32, proof)
    assert not file._replace(token="other").is_proof("ab" * 32, proof)
    assert not file.is_proof("ab" * 32, None)
    assert not file.is_proof("ab" * 32, "é")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/locks")
def test_the_holder_of_the_lock_is_known_whether_it_answers_or_not(folder: Path) -> None:
    assert lock.holder(folder) is None
    (folder / lock.NAME).touch()
    assert lock.holder(folder) is None
    code = "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True); input()"
    words = [sys.executable, "-c", code, str(folder / lock.NAME)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        assert lock.holder(folder) == other.pid
        other.communicate(b"\n")
    assert lock.holder(folder) is None


def test_the_lock_is_seen_and_left_alone(folder: Path) -> None:
    assert not lock.is_held(folder)
    file = os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600)
    assert not lock.is_held(folder)
    assert lock.take(file)
    assert lock.is_held(folder)
    os.close(file)
    assert not lock.is_held(folder)
