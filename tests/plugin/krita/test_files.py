"""What Krita reads beside the Python modules."""

import configparser
from xml.etree import ElementTree


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
