"""One engine for each user."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from living import Living, end, ready, spawn

pytestmark = pytest.mark.slow  # engines of its own


def test_runtime_file_is_the_users_alone(engine: Living) -> None:
    path = engine.base / "run" / "engine.json"
    said = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert set(said) == {"port", "token", "pid", "version", "protocol"}
    assert len(said["token"]) >= 40


def test_second_engine_leaves_with_zero_and_says_so(engine: Living) -> None:
    second = spawn(engine.base)
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert f"already runs (process {engine.process.pid})" in output
    with engine.client() as client:
        assert client.get("/v1/status").json()["pid"] == engine.process.pid


@pytest.mark.parametrize("attempt", range(2))
def test_of_several_started_at_once_one_lives(tmp_path: Path, attempt: int) -> None:
    processes = [spawn(tmp_path) for _ in range(3)]
    try:
        ended = 0
        until = time.monotonic() + 60
        while time.monotonic() < until:
            ended = sum(process.poll() is not None for process in processes)
            if ended == 2:
                break
            time.sleep(0.05)
        assert ended == 2
        assert sorted(process.poll() is None for process in processes) == [False, False, True]
        assert all(process.returncode == 0 for process in processes if process.poll() is not None)
        living = ready(tmp_path, next(process for process in processes if process.poll() is None))
        with living.client() as client:
            assert client.get("/v1/status").status_code == 200
    finally:
        for process in processes:
            end(process)


def test_file_of_a_killed_engine_is_replaced(tmp_path: Path) -> None:
    first = ready(tmp_path, spawn(tmp_path))
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    end(first.process)
    assert (tmp_path / "run" / "engine.json").exists()
    second = ready(tmp_path, spawn(tmp_path))
    try:
        assert second.token != first.token
        with second.client() as client:
            assert client.get("/v1/status").status_code == 200
    finally:
        end(second.process)


def test_file_that_names_a_living_stranger_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        said = {"port": stranger.getsockname()[1], "token": "x", "pid": os.getpid(), "version": "0", "protocol": [1, 1]}
        (tmp_path / "run" / "engine.json").write_text(json.dumps(said))
        engine = ready(tmp_path, spawn(tmp_path))
        try:
            with engine.client() as client:
                assert client.get("/v1/status").json()["pid"] == engine.process.pid
        finally:
            end(engine.process)


def test_ended_engine_leaves_nothing(start: Callable[..., Living]) -> None:
    engine = start()
    engine.process.send_signal(signal.SIGTERM)
    assert engine.process.wait(60) == 0
    assert not (engine.base / "run" / "engine.json").exists()
    with pytest.raises(httpx.ConnectError):
        engine.client().get("/v1/status")


def test_unusable_runtime_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file, not a folder")
    process = spawn(tmp_path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "PHOTOCHROM_RUNTIME_DIR" in output
    assert "Traceback" not in output
