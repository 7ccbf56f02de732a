"""An engine whose folders lie on a full disk works on without them, or says what is missing."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import SOURCES
from patience import patience
from photochrom.service.layers import SPARE_BYTES
from small_disk import SmallDisk, Unavailable, small_disk

import photochrom_client
from photochrom_client.places import log_path
from photochrom_client.stop import stop

pytestmark = pytest.mark.slow  # engines of its own

WIDTH, HEIGHT = 480, 320
LIGHTNESS = b"\0\0\x48\x42" * (WIDTH * HEIGHT)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Folders of an engine's own, and how it is started; a test puts some on the full disk."""
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    for name in ("STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    starter = tmp_path / "start.py"
    starter.write_text(f"import sys; sys.path[:0] = {SOURCES!r}\nfrom photochrom.cli import main\nmain()\n")
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"'{sys.executable}' '{starter}' serve")
    yield monkeypatch
    stop()


@pytest.fixture
def large_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """One that has the room that an engine leaves to others."""
    try:
        with small_disk(tmp_path / "large disk", SPARE_BYTES + (8 << 20)) as mounted:
            yield mounted
    except Unavailable as error:
        pytest.skip(str(error))


def colorized(engine: photochrom_client.Engine) -> int:
    with engine.upload(WIDTH, HEIGHT, [LIGHTNESS]) as layer:
        return sum(len(strip.data) for strip in layer.colorize({"colorizer": "lite"}).strips())


@pytest.mark.parametrize("name", ["STATE", "DATA"])
def test_without_room_for_its_log_or_its_notes_it_works(home: pytest.MonkeyPatch, disk: SmallDisk, name: str) -> None:
    home.setenv(f"XDG_{name}_HOME", str(disk.folder))
    disk.fill()
    engine = photochrom_client.connect("")
    assert colorized(engine) == 16 * WIDTH * HEIGHT
    process = engine.pid
    assert stop() == process
    assert ended(process) == 0


def ended(process: int) -> int:
    """The exit code of an engine, which is a child of this process, as soon as it has ended."""
    until = time.monotonic() + patience(60)
    while time.monotonic() < until:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    raise AssertionError("it does not end")


def test_a_disk_that_fills_while_a_layer_comes_is_named_and_nothing_stays(
    home: pytest.MonkeyPatch, large_disk: SmallDisk
) -> None:
    home.setenv("XDG_CACHE_HOME", str(large_disk.folder))
    engine = photochrom_client.connect("")

    def rows() -> Iterator[bytes]:
        for at in range(0, len(LIGHTNESS), 1 << 16):
            if at == 3 << 16:
                large_disk.fill()
            yield LIGHTNESS[at : at + (1 << 16)]

    for lightness in (rows(), rows(), [LIGHTNESS]):  # the last one comes to a disk that is full already
        with pytest.raises(photochrom_client.RequestRefused, match="no room for the layer") as refused:
            engine.upload(WIDTH, HEIGHT, lightness)
        assert refused.value.code == "disk-full" and refused.value.next_step
    large_disk.free()
    used = shutil.disk_usage(large_disk.folder).used
    assert used < len(LIGHTNESS)
    assert colorized(engine) == 16 * WIDTH * HEIGHT
    assert "Traceback" not in log_path().read_text()


def test_without_room_for_its_runtime_file_the_reason_is_named(home: pytest.MonkeyPatch, disk: SmallDisk) -> None:
    home.setenv("PHOTOCHROM_RUNTIME_DIR", str(disk.folder))
    disk.fill()
    with pytest.raises(photochrom_client.EngineNotStarted, match="Free some space on that disk"):
        photochrom_client.connect("")
    disk.free()
    assert {path.name for path in disk.folder.iterdir()} <= {"engine.lock"}
    engine = photochrom_client.connect("")
    assert colorized(engine) == 16 * WIDTH * HEIGHT
    assert stop() == engine.pid  # before the disk goes, and with it what tells where the engine is
