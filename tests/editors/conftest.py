"""A user's home without editors."""

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    for name in ("GIMP2_DIRECTORY", "GIMP3_DIRECTORY", "PHOTOCHROM_CACHE", "PHOTOCHROM_MODELS"):
        monkeypatch.delenv(name, raising=False)
    (folder / "run").mkdir(mode=0o700)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(folder / "run"))
    return folder


def profile(home: Path, place: str) -> Path:
    folder = home / place
    folder.mkdir(parents=True)
    return folder
