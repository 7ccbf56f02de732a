"""The client against real engines, in folders of each test's own."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checkout import SOURCES
from mirror import serving
from patience import patience

import photochrom_client
from photochrom_client.kit import downloads as kit_downloads


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's home with a difficult name; the engine that a test starts there is ended with the test."""
    yield settle(tmp_path / "Ann Müller (1)", monkeypatch)
    end_engine(tmp_path / "Ann Müller (1)")


@pytest.fixture
def no_engine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without an engine, and without a command in the PATH that starts one."""
    monkeypatch.setenv("PATH", str(home))
    return home


@pytest.fixture
def plugin_folder(home: Path) -> Path:
    """An installed plug-in's folder with the file that says how to start the engine."""
    return install(home)


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server on this machine that the engine fetches zhang2016 from into a store of the test's own."""
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    (tmp_path / "mirror" / "zhang2016").mkdir(parents=True)
    with serving(tmp_path / "mirror") as server:
        monkeypatch.setenv("PHOTOCHROM_MIRROR", server.url)
        yield server


@pytest.fixture
def said() -> queue.Queue[Any]:
    """A thread's reports."""
    return queue.Queue()


@pytest.fixture
def downloads(mirror: Any, plugin_folder: Path, said: queue.Queue[Any]) -> Iterator[kit_downloads.Downloads]:
    downloads = kit_downloads.Downloads(plugin_folder, said.put)
    yield downloads
    downloads.close()


@pytest.fixture
def model(downloads: kit_downloads.Downloads, mirror: Any, said: queue.Queue[Any]) -> photochrom_client.Model:
    """One that is published; what the mirror has in its place is not it."""
    downloads.list()
    found = next(each for each in said.get(timeout=60).models if each.name == "zhang2016")
    with (mirror.folder / "zhang2016" / "colorization_release_v2-9b330a0b.pth").open("wb") as empty:
        empty.truncate(found.bytes)
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[photochrom_client.Engine]:
    """An engine that the tests of a module share: one they do not harm."""
    home = tmp_path_factory.mktemp("shared") / "home"
    with pytest.MonkeyPatch.context() as monkeypatch:
        settle(home, monkeypatch)
        engine = photochrom_client.connect(install(home))
    yield engine
    end_engine(home)


def settle(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "PHOTOCHROM_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(home / "run"))
    return home


def install(home: Path) -> Path:
    folder = home / "plug-ins" / "photochrom"
    folder.mkdir(parents=True)
    # The client takes PYTHONPATH out of the engine's environment: an installed engine does not need it.
    code = f"import sys; sys.path[:0] = {SOURCES!r}; from photochrom.cli import main; main()"
    command = {"command": [sys.executable, "-c", code, "serve"]}
    (folder / "engine-command.json").write_text(json.dumps(command), encoding="utf-8")
    return folder


def end_engine(home: Path) -> None:
    """Ends every engine of this home: also one that was started late and has not written its runtime file yet."""
    mine = f"PHOTOCHROM_RUNTIME_DIR={home / 'run'}".encode()
    until = time.monotonic() + patience(60)
    while time.monotonic() < until:
        living = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _belongs(pid, mine)]
        if not living:
            return
        for pid in living:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)
    pytest.fail(f"engines that do not end: {living}")


def _belongs(pid: int, mine: bytes) -> bool:
    try:
        return pid != os.getpid() and mine in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
