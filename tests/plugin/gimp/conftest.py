"""The parts of the GIMP plug-in that know nothing of GIMP, loaded as they are beside it."""

import importlib.util
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[3] / "plugin"


@pytest.fixture(scope="session")
def load():
    """A function from a module's name to the module. Not by sys.path: the plug-in's script is named as the engine."""
    loaded = {}

    def load_module(name):
        if name not in loaded:
            path = PLUGIN / "gimp" / "photochrom" / f"{name}.py"
            spec = importlib.util.spec_from_file_location(f"gimp_plugin_{name}", path)
            loaded[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
        return loaded[name]

    return load_module
