"""What the files say about their color."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.image.mark import DIGITAL_SOURCE_TYPE, Mark

MARK = Mark("lite", "0.1.0")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://ns.adobe.com/xap/1.0/mm/}History"

EXISTING = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="uuid:1" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:my="http://archive.example/ns/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="SilverFast 9" my:shelf="B 12"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/print">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Gro\xc3\x9fmutter</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def test_a_new_packet_says_how_the_color_was_made():
    root = ET.fromstring(MARK.packet())
    assert root.find(f".//{IPTC}DigitalSourceType").text == DIGITAL_SOURCE_TYPE
    assert "lite" in root.find(f".//{IPTC}AISystemUsed").text
    assert root.find(f".//{IPTC}AISystemVersionUsed").text == "0.1.0"
    assert len(root.findall(f".//{HISTORY}/{RDF}Seq/{RDF}li")) == 1


def test_existing_statements_of_a_packet_are_kept():
    root = ET.fromstring(MARK.packet(EXISTING))
    assert root.find(f".//{DC}title/{RDF}Alt/{RDF}li").text == "Großmutter"
    description = root.find(f".//{RDF}Description")
    assert description.get(f"{XMP}CreatorTool") == "SilverFast 9"
    assert description.get("{http://archive.example/ns/}shelf") == "B 12"
    assert b"my:shelf" in MARK.packet(EXISTING)
    assert {d.get(f"{RDF}about") for d in root.iter(f"{RDF}Description")} == {"uuid:1"}


def test_an_earlier_source_type_is_replaced_and_the_history_grows():
    twice = Mark("other", "0.2").packet(MARK.packet(EXISTING))
    assert twice.count(b"digitalsourcetype/") == 1
    root = ET.fromstring(twice)
    assert root.find(f".//{IPTC}DigitalSourceType").text == DIGITAL_SOURCE_TYPE
    assert "other" in root.find(f".//{IPTC}AISystemUsed").text
    assert len(root.findall(f".//{HISTORY}/{RDF}Seq/{RDF}li")) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_left_out(encoding, caplog):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    with caplog.at_level(logging.WARNING):
        packet = MARK.packet(bomb.encode(encoding))
    assert b"aaaa" not in packet
    assert DIGITAL_SOURCE_TYPE.encode() in packet
    assert "document type" in caplog.text


@given(st.binary(max_size=200))
def test_garbage_is_replaced(data):
    root = ET.fromstring(MARK.packet(data))
    assert root.find(f".//{IPTC}DigitalSourceType").text == DIGITAL_SOURCE_TYPE


def test_a_packet_padded_with_zeros_is_read():
    assert b"Gro" in MARK.packet(EXISTING + b"\0" * 20)
