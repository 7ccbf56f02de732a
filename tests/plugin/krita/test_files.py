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


def test_action_file_has_every_tool_and_shortcuts_of_their_own(place, load):
    actions = ElementTree.parse(place / f"{place.name}.action").findall(".//Action")
    tools = load("actions").TOOLS
    assert [(each.get("name"), each.findtext("text")) for each in actions] == [(each.id, each.title) for each in tools]
    assert [each.findtext("toolTip") for each in actions] == [each.help for each in tools]
    shortcuts = [shortcut for each in actions if (shortcut := each.findtext("shortcut"))]
    assert len(set(shortcuts)) == len(shortcuts) == len(tools) - 2  # without Batch… and Installation


@pytest.mark.parametrize(
    "name", sorted(".".join(path.relative_to(SHARED).with_suffix("").parts) for path in SHARED.rglob("*.py"))
)
def test_module_that_the_editors_share_is_found_within_the_plug_in(load, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "photochrom_client", None)  # as in Krita, where nothing else has that name
    loaded = load(f"photochrom_client.{name}".removesuffix(".__init__"))
    assert loaded.__doc__ and loaded.__name__.startswith("krita_plugin.")
