"""`photochrom stop`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from photochrom_client import EngineGone, lock
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile
from photochrom_client.stop import stop

from .conftest import COMMAND, ENVIRONMENT


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The runtime folder."""
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_a_running_engine_ends_and_its_files_go(run, folder):
    environment = {**ENVIRONMENT, "PHOTOCHROM_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    engine = subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert "listens" in engine.stdout.readline()
        done = run("stop")
        assert done.code == 0 and str(engine.pid) in done.out
        assert engine.wait(10) == 0
        assert not (folder / "engine.json").exists()
    finally:
        engine.kill()
        engine.communicate()


@pytest.mark.parametrize("left", ["", "{", '{"port": 1}'])
def test_without_an_engine_there_is_nothing_to_end(run, folder, left):
    (folder / "engine.json").write_text(left)
    done = run("stop")
    assert done.code == 0 and "no engine" in done.out


def test_a_process_that_only_has_the_number_of_an_engine_is_left_alone(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    RuntimeFile(port, "x", os.getpid(), "0", PROTOCOL).write(folder / "engine.json")
    assert stop() is None


HUNG = """
import os, signal, sys, time
from pathlib import Path
from photochrom_client import EngineGone, lock
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile

signal.signal(signal.SIGTERM, signal.SIG_IGN)
folder = Path(os.environ["PHOTOCHROM_RUNTIME_DIR"])
assert lock.take(os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600))
if sys.argv[1]:
    RuntimeFile(int(sys.argv[1]), "x", os.getpid(), "0", PROTOCOL).write(folder / "engine.json")
print(flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/locks")
@pytest.mark.parametrize("announced", [True, False])
def test_an_engine_that_hangs_is_ended(folder, announced):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = str(deaf.getsockname()[1]) if announced else ""
        environment = {**ENVIRONMENT, "PHOTOCHROM_RUNTIME_DIR": str(folder)}
        with subprocess.Popen([sys.executable, "-c", HUNG, port], env=environment, stdout=subprocess.PIPE) as engine:
            try:
                assert engine.stdout.readline()
                assert stop(0.3) == engine.pid
                assert engine.wait(30) == -signal.SIGKILL
            finally:
                engine.kill()
    assert not lock.is_held(folder)


def test_where_the_lock_does_not_tell_an_engine_that_hangs_is_named(folder, monkeypatch):
    monkeypatch.setattr(lock, "holder", lambda folder: None)
    file = os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600)
    assert lock.take(file)
    with socket.create_server(("127.0.0.1", 0)) as deaf, os.fdopen(file):
        RuntimeFile(deaf.getsockname()[1], "x", 4711, "0", PROTOCOL).write(folder / "engine.json")
        with pytest.raises(EngineGone) as error:
            stop(0.2)
    assert "4711" in error.value.next_step


def test_an_engine_that_nothing_ends_is_named_in_plain_words(folder, monkeypatch):
    monkeypatch.setattr(lock, "holder", lambda folder: 4711)
    monkeypatch.setattr(os, "kill", lambda pid, what: None)
    with pytest.raises(EngineGone, match="within 1 seconds"):
        stop(1.0)
