"""The parts of the GIMP plug-in that know nothing of GIMP, loaded as they are beside it."""

import importlib.util
import os
import signal
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[3] / "plugin"
ENGINE = PLUGIN.parent / "engine"


@pytest.fixture(scope="session")
def load():
    """A function from a module's name to the module. Not by sys.path: the plug-in's script is named as the engine."""
    sys.path.append(str(PLUGIN))
    loaded = {}

    def load_module(name):
        if name not in loaded:
            path = PLUGIN / "gimp" / "photochrom" / f"{name}.py"
            spec = importlib.util.spec_from_file_location(f"gimp_plugin_{name}", path)
            loaded[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
        return loaded[name]

    # What modules of the plug-in import of each other.
    sys.modules["settings"] = load_module("settings")
    yield load_module
    del sys.modules["settings"]
    sys.path.remove(str(PLUGIN))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A plug-in folder whose engine is this checkout's, with places of its own."""
    starter = tmp_path / "start.py"
    code = f"import sys; sys.path.insert(0, {str(ENGINE)!r})\nfrom photochrom.cli import main\nmain()\n"
    starter.write_text(code)
    (tmp_path / "engine-command.json").write_text(f'{{"command": ["{sys.executable}", "{starter}", "serve"]}}')
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield tmp_path
    if (tmp_path / "run" / "engine.json").exists():
        import photochrom_client

        os.kill(photochrom_client.connect(tmp_path).pid, signal.SIGKILL)
