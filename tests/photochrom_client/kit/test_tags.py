"""The note in the XML that GIMP has of an image's metadata."""

import json
import xml.etree.ElementTree as ET

from photochrom_client.kit import tags
from photochrom_client.note import Maker

PLAIN = '<metadata><tag name="Xmp.dc.title">Home &amp; garden</tag></metadata>'
PRINT = '<metadata><tag name="Xmp.iptcExt.DigitalSourceType">http://cv.iptc.org/newscodes/digitalsourcetype/print</tag></metadata>'
LITE = [Maker("lite", "1.2.3")]


def values(xml):
    return {tag.get("name"): tag.text for tag in ET.fromstring(xml)}


def test_note_comes_beside_what_is_there_and_the_same_twice_is_no_change():
    noted = tags.noted(PLAIN, LITE, None)
    said = values(noted.xml)
    assert said["Xmp.dc.title"] == "Home & garden"
    assert said["Xmp.iptcExt.AISystemUsed"] == "Photochrom, colorizer lite"
    assert said["Xmp.iptcExt.AISystemVersionUsed"] == "1.2.3"
    assert tags.noted(noted.xml, LITE, noted.earlier) == (None, None)


def test_with_the_last_colors_the_earlier_values_return():
    noted = tags.noted(PRINT, LITE, None)
    assert json.loads(noted.earlier)["DigitalSourceType"].endswith("print")
    without = tags.noted(noted.xml, [], noted.earlier)
    assert values(without.xml) == values(PRINT)
    assert without.earlier is None


def test_values_of_others_are_left_alone_and_damaged_ones_are_forgotten():
    assert tags.noted(PRINT, [], None) == (None, None)
    noted = tags.noted(PLAIN, LITE, None)
    assert values(tags.noted(noted.xml, [], b"no json").xml) == values(PLAIN)
