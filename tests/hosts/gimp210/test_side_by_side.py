"""GIMP 2.10 and GIMP 3 of one user."""

import os
import subprocess
import sys

import pytest

from ..gimp3 import editor as gimp3
from ..gimp3.conftest import end, where
from ..gimp3.screen import read_when_there
from . import editor
from .test_colorizing import scheme

pytestmark = pytest.mark.host


def command_line(home, *words):
    """What `photochrom` prints for this user."""
    environment = {**os.environ, "HOME": str(home), "PHOTOCHROM_RUNTIME_DIR": str(home / "run")}
    for name in ("XDG_CONFIG_HOME", "GIMP2_DIRECTORY", "GIMP3_DIRECTORY"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "photochrom", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done.stdout + done.stderr


def test_one_installation_and_one_engine_serve_both(tmp_path):
    home = tmp_path / "Ann Müller (1)"
    try:
        old, new = editor.find(home), gimp3.find(home)
    except (editor.NoGimp, gimp3.NoGimp) as error:
        # No failure in CI either: its system with GIMP 2.10 has no GIMP 3.
        pytest.xfail(f"not both are on this machine: {error}")
    new.prepare()
    old.prepare()
    for name in ("documents.py", "colorizing.py"):
        old.add(editor.HERE / "inside" / name)
    command_line(home, "plugin", "install", "--gimp")
    plugins = [profile / "plug-ins" / "photochrom" for profile in (old.profile, new.profile)]
    assert [(each / "photochrom.py").is_file() for each in plugins] == [True, True]
    try:
        said = old.batch(scheme("test-once", tmp_path, "0.3"))
        assert editor.told(tmp_path, "once", said)["error"] == ""
        engine = old.engine()
        settings = {"PHOTOCHROM_CASE": "new", "PHOTOCHROM_SCALE": "0.3"}
        started = new.batch("once.py", **where(tmp_path), **settings)
        try:
            result = read_when_there(tmp_path / "new.json", 300)
        finally:
            end(started)
        assert result["status"] == "success", result["error"]
        assert new.engine() == engine
        assert new.engines() == [engine["pid"]]
        checked = command_line(home, "doctor")
        assert f"in {plugins[0]}; GIMP takes it" in checked, checked
        command_line(home, "plugin", "remove", "--gimp")
        assert [each.exists() for each in plugins] == [False, False]
    finally:
        old.stop_engines()
