"""What Krita reads beside the Python modules."""

import configparser
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

SHARED = Path(__file__).resolve().parents[3] / "photochrom_client"


def test_desktop_file_names_the_module_and_its_manual(place):
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str
    read.read(place.with_suffix(".desktop"), encoding="utf-8")
    entry = read["Desktop Entry"]
    assert entry["X-KDE-Library"] == place.name
    assert entry["ServiceTypes"] == "Krita/PythonPlugin"
    assert (place / entry["X-Krita-Manual"]).is_file()


def test_action_file_is_named_as_the_plug_in_and_leaves_the_shortcut_to_the_user(place):
    action = ElementTree.parse(place / f"{place.name}.action").find(".//Action")
    assert f'ACTION = "{action.get("name")}"' in (place / "docker.py").read_text(encoding="utf-8")
    assert action.findtext("text") == "Photochrom: Colorize"
    assert not action.findtext("shortcut")


@pytest.mark.parametrize(
    "name", sorted(".".join(path.relative_to(SHARED).with_suffix("").parts) for path in SHARED.rglob("*.py"))
)
def test_module_that_the_editors_share_is_found_within_the_plug_in(load, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "photochrom_client", None)  # as in Krita, where nothing else has that name
    loaded = load(f"photochrom_client.{name}".removesuffix(".__init__"))
    assert loaded.__doc__ and loaded.__name__.startswith("krita_plugin.")
