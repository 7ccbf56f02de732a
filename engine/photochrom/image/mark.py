"""What a file says about itself: its colour was made by a trained algorithm, by which one.

An XMP packet (ISO 16684-1) with the IPTC properties Digital Source Type, AI System Used and AI System
Version Used (IPTC Photo Metadata Standard 2025.1), and a line in the XMP history (XMP specification
part 2, xmpMM:History). What a packet already says is kept.
"""

from __future__ import annotations

import io
import logging
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

log = logging.getLogger(__name__)

SYSTEM: Final = "Photochrom"
"""What AI System Used begins with, where it is ours."""

DIGITAL_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

_NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
}
for _prefix, _uri in _NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def _q(name: str) -> str:
    """`rdf:Seq` as ElementTree writes it: `{uri}Seq`."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


class BadPacket(ValueError):
    """An XMP packet that cannot be read, or is not to be trusted; the text says why."""


@dataclass(frozen=True)
class Said:
    """What a packet says about its picture's source; None for what it does not say."""

    digital_source_type: str | None = None
    ai_system_used: str | None = None
    ai_system_version_used: str | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it says that Photochrom made the colour."""
        return self.digital_source_type == DIGITAL_SOURCE_TYPE and (self.ai_system_used or "").startswith(SYSTEM)


_PROPERTIES: Final = {
    "digital_source_type": _q("Iptc4xmpExt:DigitalSourceType"),
    "ai_system_used": _q("Iptc4xmpExt:AISystemUsed"),
    "ai_system_version_used": _q("Iptc4xmpExt:AISystemVersionUsed"),
}


@dataclass(frozen=True)
class Mark:
    """Who made the colour: the colorizer's name, "" where nobody knows it, several with ", " between them; and
    Photochrom's version."""

    colorizer: str
    version: str

    @property
    def said(self) -> Said:
        """What a packet with this mark says."""
        word = "colorizers" if ", " in self.colorizer else "colorizer"
        system = f"{SYSTEM}, {word} {self.colorizer}" if self.colorizer else SYSTEM
        return Said(DIGITAL_SOURCE_TYPE, system, self.version)

    def packet(self, existing: bytes | None = None) -> bytes:
        """The XMP packet (UTF-8) with this mark, merged into `existing` if there is one.

        A packet that is not well-formed, or that has a document type declaration (never part of XMP, and
        the way entity bombs come), is replaced and a warning is logged.
        """
        root = _parsed(existing) if existing else None
        rdf = None if root is None else next(root.iter(_q("rdf:RDF")), None)
        if root is None or rdf is None:
            root = ET.Element(_q("x:xmpmeta"))
            rdf = ET.SubElement(root, _q("rdf:RDF"))
        self._write(rdf)
        return _written(root)

    def _write(self, rdf: ET.Element) -> None:
        about = next((d.get(_q("rdf:about"), "") for d in rdf.iter(_q("rdf:Description"))), "")
        history = next(rdf.iter(_q("xmpMM:History")), None)
        statements = {_PROPERTIES[name]: value for name, value in asdict(self.said).items()}
        tool = _q("xmp:CreatorTool")
        has_tool = any(tool in d.attrib or d.find(tool) is not None for d in rdf)
        if not has_tool:
            statements[tool] = f"Photochrom {self.version}"
        _take_out(rdf, statements)
        description = ET.SubElement(rdf, _q("rdf:Description"), {_q("rdf:about"): about})
        for name, value in statements.items():
            ET.SubElement(description, name).text = value
        if history is None:
            history = ET.SubElement(description, _q("xmpMM:History"))
        steps = history.find(_q("rdf:Seq"))
        if steps is None:
            steps = ET.SubElement(history, _q("rdf:Seq"))
        step = ET.SubElement(steps, _q("rdf:li"), {_q("rdf:parseType"): "Resource"})
        for name, value in {
            "stEvt:action": "edited",
            "stEvt:when": datetime.now(UTC).isoformat(timespec="seconds"),
            "stEvt:softwareAgent": f"Photochrom {self.version}",
            "stEvt:parameters": "colors added"
            + (f" by {self.colorizer}" if self.colorizer else "")
            + "; tones unchanged",
        }.items():
            ET.SubElement(step, _q(name)).text = value


def said(packet: bytes | None) -> Said:
    """What a packet says about its picture's source. Raises BadPacket."""
    if packet is None:
        return Said()
    root = parse(packet)
    return Said(**{name: _value(root, property) for name, property in _PROPERTIES.items()})


def without(packet: bytes) -> bytes | None:
    """The packet without what a `Mark` has put into it; None where nothing is left. Raises BadPacket."""
    root = parse(packet)
    rdf = next(root.iter(_q("rdf:RDF")), None)
    if rdf is None or not said(packet).is_ours:
        return packet
    _take_out(rdf, _PROPERTIES.values())
    if (_value(rdf, _q("xmp:CreatorTool")) or "").startswith(f"{SYSTEM} "):
        _take_out(rdf, [_q("xmp:CreatorTool")])
    for description in list(rdf):
        for history in description.findall(_q("xmpMM:History")):
            for steps in history.findall(_q("rdf:Seq")):
                for step in [each for each in steps if (_value(each, _AGENT) or "").startswith(f"{SYSTEM} ")]:
                    steps.remove(step)
            if next(history.iter(_q("rdf:li")), None) is None:
                description.remove(history)
        if len(description) == 0 and not set(description.attrib) - {_q("rdf:about")}:
            rdf.remove(description)
    return _written(root) if len(rdf) else None


_AGENT: Final = _q("stEvt:softwareAgent")


def _value(root: ET.Element, property: str) -> str | None:
    """Of the first one, which is an element or an attribute."""
    for element in root.iter():
        if property in element.attrib:
            return element.attrib[property]
        if element.tag == property:
            return (element.text or "").strip()
    return None


def _take_out(rdf: ET.Element, properties: Iterable[str]) -> None:
    for description in rdf:
        for name in properties:
            description.attrib.pop(name, None)
            for element in description.findall(name):
                description.remove(element)


def _written(root: ET.Element) -> bytes:
    body = ET.tostring(root, encoding="unicode")
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{body}\n<?xpacket end="w"?>'.encode()


def _parsed(packet: bytes) -> ET.Element | None:
    """The root element of a packet; None, and a warning, for one that cannot be used."""
    try:
        return parse(packet)
    except BadPacket as error:
        log.warning("The file's XMP metadata %s and was left out.", error)
        return None


def parse(packet: bytes) -> ET.Element:
    """The root element of an XMP packet, keeping its prefixes. Raises BadPacket."""
    text = packet.strip(b"\0 \r\n\t")
    # ElementTree expands entities that a document type declares. Null bytes out: UTF-16 packets too.
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", text.replace(b"\0", b""), re.IGNORECASE):
        raise BadPacket("has a document type declaration")
    try:
        for _, (prefix, uri) in ET.iterparse(io.BytesIO(text), events=["start-ns"]):
            if prefix and uri not in _NAMESPACES.values() and not re.fullmatch(r"ns\d+", prefix):
                ET.register_namespace(prefix, uri)
        return ET.fromstring(text)
    except (ET.ParseError, LookupError, ValueError) as error:
        raise BadPacket(f"is damaged ({error})") from error
