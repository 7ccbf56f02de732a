"""An engine is found whichever way it was installed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from checkout import SOURCES

from photochrom_client.finding import COMMAND_FILE, command_of, fetched_program, remember
from photochrom_client.places import data_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    (folder / "plug-in").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    for name in ("XDG_DATA_HOME", "PHOTOCHROM_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_without_any_there_is_none(home):
    if command_of(home / "plug-in") is not None:
        pytest.skip("Photochrom is installed on this machine")


@pytest.mark.parametrize(
    "place",
    [
        "bin/photochrom",
        ".local/bin/photochrom",
        ".local/lib/photochrom/photochrom",
        ".local/opt/photochrom/photochrom",
        ".local/share/photochrom/engine/photochrom",
    ],
)
def test_engine_in_a_usual_place_is_found(home, place):
    path = program(home / place)
    assert command_of(home / "plug-in") == [str(path), "serve"]


def test_what_the_installation_wrote_comes_first_as_long_as_it_is_there(home):
    installed, usual = program(home / "venv/python"), program(home / "bin/photochrom")
    words = [str(installed), "-m", "photochrom", "serve"]
    (home / "plug-in" / COMMAND_FILE).write_text(json.dumps({"command": words}))
    assert command_of(home / "plug-in") == words
    installed.unlink()
    assert command_of(home / "plug-in") == [str(usual), "serve"]
    usual.unlink()
    assert command_of(home / "plug-in") == words, "the error names what was there"


def test_engine_that_has_run_before_is_found(home):
    python = program(home / "somewhere" / "python")
    remember([str(python), "-m", "photochrom", "serve"])
    assert command_of(home / "plug-in") == [str(python), "-m", "photochrom", "serve"]
    python.unlink()
    assert command_of(home / "plug-in") is None


def test_fetched_engine_comes_before_one_that_has_run(home):
    remember([str(program(home / "somewhere" / "photochrom")), "serve"])
    program(fetched_program())
    assert command_of(home / "plug-in") == [str(fetched_program()), "serve"]


def test_damaged_memory_is_ignored(home):
    data_folder().mkdir(parents=True)
    (data_folder() / COMMAND_FILE).write_text("{")
    usual = program(home / "bin/photochrom")
    assert command_of(home / "plug-in") == [str(usual), "serve"]
    remember(["new"])
    assert json.loads((data_folder() / COMMAND_FILE).read_text()) == {"command": ["new"]}


def test_what_a_killed_process_left_while_it_remembered_does_not_pile_up(home):
    code = f"""
import os, sys; sys.path[:0] = {SOURCES!r}
import pathlib
from photochrom_client.finding import remember
pathlib.Path.replace = lambda *names: os.kill(os.getpid(), 9)
remember([str(os.getpid())])
"""
    for _ in range(3):
        killed = subprocess.run([sys.executable, "-c", code], env={"HOME": str(home)}, check=False)
        assert killed.returncode == -9
    assert len(list(data_folder().iterdir())) == 1
    remember(["new"])
    assert [path.name for path in data_folder().iterdir()] == [COMMAND_FILE]


def test_python_that_knows_ascii_alone_finds_what_has_run(home):
    """As the Python inside Krita does."""
    python = program(home / "Büro" / "photochrom")
    remember([str(python), "serve"])
    code = f"""
import sys; sys.path[:0] = {SOURCES!r}
assert sys.getfilesystemencoding() == "ascii"
from photochrom_client.finding import command_of
print(len(command_of("/nowhere")))
"""
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "HOME": str(home), "PATH": "/nowhere"}
    done = subprocess.run([sys.executable, "-c", code], env=plain, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2", done.stderr
