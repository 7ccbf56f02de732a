"""The plug-in speaks the language of its environment, wherever it is installed."""

import shutil
import subprocess
import sys

import pytest

SAY = """
import importlib, sys, types
package = types.ModuleType("krita_plugin")
package.__path__ = [sys.argv[1]]
sys.modules["krita_plugin"] = package
assert sys.getfilesystemencoding() == "ascii"
print(ascii(importlib.import_module("krita_plugin.sliders").SLIDERS[0].label))
print(ascii(importlib.import_module("krita_plugin.photochrom_client.kit.variants").title("strong", "")))
"""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Stärke", "kräftigere Farben"]),
        ("de_AT:fr", ["Stärke", "kräftigere Farben"]),
        ("fr", ["Strength", "stronger colors"]),
    ],
)
def test_texts_are_translated_where_file_names_are_read_as_ascii(place, tmp_path, language, expected):
    """As in Krita, whose Python does so even below a home folder such as this."""
    folder = tmp_path / "Ann Müller (1)" / place.name
    shutil.copytree(place, folder)
    environment = {"LANGUAGE": language, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", SAY, str(folder)]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    assert said.stdout.splitlines() == [ascii(text) for text in expected]
