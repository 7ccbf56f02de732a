"""What Krita reads beside the Python modules."""

import configparser
import sys
from xml.etree import ElementTree

import pytest
from photochrom import plugins


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


@pytest.mark.parametrize("name", plugins.SHARED)
def test_module_that_the_editors_share_needs_nothing_of_gimp_s(load, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "photochrom_client", load("photochrom_client"))
    assert load(name.removesuffix(".py")).__doc__
