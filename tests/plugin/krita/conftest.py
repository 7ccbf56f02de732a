"""The parts of the Krita plug-in that know nothing of Krita, as they are installed beside it."""

import importlib
import json
import os
import signal
import sys
import types

import pytest
from checkout import SOURCES
from photochrom import editors


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """The installed plug-in, whose engine is this checkout's."""
    home = tmp_path_factory.mktemp("krita-plug-in")
    (home / ".local" / "share" / "krita").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.delenv(name, raising=False)
        editors.install(("krita",))
        (krita,) = editors.detect(("krita",))
    starter = home / "start.py"
    starter.write_text(f"import sys; sys.path[:0] = {SOURCES!r}\nfrom photochrom.cli import main\nmain()\n")
    (krita.place / editors.files.COMMAND_FILE).write_text(
        json.dumps({"command": [sys.executable, str(starter), "serve"]})
    )
    return krita.place


@pytest.fixture(scope="session")
def load(place):
    """A function from a module's name to the module. Its package has the plug-in's place and not its `__init__`, which
    needs Krita, nor its name, which is the engine's too."""
    package = types.ModuleType("krita_plugin")
    package.__path__ = [str(place)]
    sys.modules["krita_plugin"] = package
    return lambda name: importlib.import_module(f"krita_plugin.{name}")


@pytest.fixture
def client(load, tmp_path, monkeypatch):
    """The client, with an engine of the test's own."""
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    client = load("photochrom_client")
    yield client
    runtime = tmp_path / "run" / "engine.json"
    if runtime.exists():
        os.kill(json.loads(runtime.read_text())["pid"], signal.SIGKILL)
