"""Where engine and clients look for each other, on every system."""

import sys
from pathlib import Path

import pytest

from photochrom_client import places

HOME = Path("/home/ann")

NOTHING = (
    "PHOTOCHROM_RUNTIME_DIR",
    "XDG_RUNTIME_DIR",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "FLATPAK_ID",
    "LOCALAPPDATA",
)


@pytest.fixture(autouse=True)
def ann(monkeypatch):
    """A user with no variable but a home."""
    for name in NOTHING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: HOME)


@pytest.mark.parametrize(
    ("system", "environment", "runtime", "log", "spool"),
    [
        (
            "linux",
            {"XDG_RUNTIME_DIR": "/tmp"},
            "/tmp/photochrom",
            HOME / ".local/state/photochrom/engine.log",
            HOME / ".cache/photochrom/spool",
        ),
        (
            "linux",
            {"XDG_RUNTIME_DIR": "/nowhere/at/all", "XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s"},
            "/c/photochrom/run",
            "/s/photochrom/engine.log",
            "/c/photochrom/spool",
        ),
        (
            "linux",  # the variable of a Flatpak outside of one, as in a terminal that was started from it
            {"FLATPAK_ID": "org.gimp.GIMP", "XDG_RUNTIME_DIR": "/tmp"},
            "/tmp/photochrom",
            HOME / ".local/state/photochrom/engine.log",
            HOME / ".cache/photochrom/spool",
        ),
        (
            "darwin",
            {},
            HOME / "Library/Caches/photochrom/run",
            HOME / "Library/Logs/photochrom/engine.log",
            HOME / "Library/Caches/photochrom/spool",
        ),
        (
            "win32",
            {"LOCALAPPDATA": "/local"},
            "/local/photochrom/run",
            "/local/photochrom/Logs/engine.log",
            "/local/photochrom/spool",
        ),
        (
            "win32",
            {},
            HOME / "AppData/Local/photochrom/run",
            HOME / "AppData/Local/photochrom/Logs/engine.log",
            HOME / "AppData/Local/photochrom/spool",
        ),
    ],
)
def test_folders_are_the_systems_own(monkeypatch, system, environment, runtime, log, spool):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    found = places.runtime_folder(), places.log_path(), places.spool_folder()
    assert found == (Path(runtime), Path(log), Path(spool))
    assert places.output_path().parent == places.log_path().parent != places.output_path()


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_chosen_runtime_folder_wins_everywhere(monkeypatch, system):
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", "/somewhere/Ann Müller (1)")
    monkeypatch.setattr(sys, "platform", system)
    assert places.runtime_folder() == Path("/somewhere/Ann Müller (1)")
