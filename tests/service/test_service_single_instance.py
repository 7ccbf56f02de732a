"""One engine for each user."""

from __future__ import annotations

import hmac
import json
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from living import Living, end, ready, spawn
from patience import patience

pytestmark = pytest.mark.slow  # engines of its own


def test_runtime_file_is_the_users_alone(engine: Living) -> None:
    path = engine.base / "run" / "engine.json"
    said = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert set(said) == {"port", "token", "pid", "version", "protocol"}
    assert len(said["token"]) >= 40


def test_second_engine_exits_with_zero_and_a_message(engine: Living) -> None:
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
        until = time.monotonic() + patience(60)
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


def test_unusable_runtime_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file, not a folder")
    process = spawn(tmp_path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "PHOTOCHROM_RUNTIME_DIR" in output
    assert "Traceback" not in output


def test_a_runtime_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o777)
    process = spawn(tmp_path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "other users may write to it" in output
    assert "PHOTOCHROM_RUNTIME_DIR" in output


def test_an_engine_whose_files_were_removed_is_found_again(start: Callable[..., Living]) -> None:
    engine = start()
    before = (engine.base / "run" / "engine.json").read_text()
    for names in (["engine.json"], ["engine.lock"], ["engine.json", "engine.lock"]):
        for name in names:
            (engine.base / "run" / name).unlink()
        wait_for(lambda: all((engine.base / "run" / name).exists() for name in ("engine.json", "engine.lock")))
        assert (engine.base / "run" / "engine.json").read_text() == before
        second = spawn(engine.base)
        assert f"already runs (process {engine.process.pid})" in second.communicate(timeout=60)[0]


def test_an_engine_leaves_to_the_one_that_took_its_lock_and_keeps_off_its_file(start: Callable[..., Living]) -> None:
    engine = start()
    engine.process.send_signal(signal.SIGSTOP)
    (engine.base / "run" / "engine.lock").unlink()
    newer = ready(engine.base, spawn(engine.base))
    try:
        engine.process.send_signal(signal.SIGCONT)
        assert engine.process.wait(60) == 0
        assert "another engine has taken over" in engine.log
        assert json.loads((engine.base / "run" / "engine.json").read_text())["pid"] == newer.process.pid
        with newer.client() as client:
            assert client.get("/v1/status").status_code == 200
    finally:
        end(newer.process)


def test_the_log_is_the_users_alone(engine: Living) -> None:
    log = engine.base / "state" / "photochrom" / "engine.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_engine_proves_that_it_knows_the_token_to_whom_has_none(engine: Living) -> None:
    with httpx.Client(base_url=engine.url) as stranger:
        nonce = "0f" * 32
        proof = stranger.get(f"/v1/proof?nonce={nonce}").json()["proof"]
        assert hmac.compare_digest(
            proof, hmac.new(engine.token.encode(), f"{nonce} {engine.port}".encode(), "sha256").hexdigest()
        )
        assert stranger.get("/v1/proof?nonce=x").status_code == 422
        assert stranger.get(f"/v1/proof?nonce={nonce}", headers={"Origin": "http://x"}).status_code == 403
        assert stranger.get("/v1/status").status_code == 401


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_engine_raises_its_limit_on_open_files(start: Callable[..., Living]) -> None:
    with open(f"/proc/{start().process.pid}/limits") as limits:
        soft, hard = next(line for line in limits if line.startswith("Max open files")).split()[3:5]
    assert soft == hard


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + patience(30)
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
