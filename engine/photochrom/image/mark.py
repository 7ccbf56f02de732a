"""The note in a file's XMP that its colors are AI-generated, and by which colorizer.

An XMP packet (ISO 16684-1) with the IPTC properties Digital Source Type, AI System Used and AI System Version Used,
where a person gave colors AI Prompt Information (IPTC Photo Metadata Standard 2025.1), and a line in the XMP history
(XMP specification part 2, xmpMM:History). Everything else in a packet is kept.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from photochrom.image.metadata import xmp
from photochrom.image.metadata.xmp import BadXMP, Element
from photochrom_client.given import Given, read, written
from photochrom_client.protocol import AI_SYSTEM, DIGITAL_SOURCE_TYPE

log = logging.getLogger(__name__)

_NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
}


def _q(name: str) -> str:
    """`rdf:Seq` as lxml writes it: `{uri}Seq`."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True)
class SourceNote:
    """A packet's note on its picture's source; None for missing properties."""

    digital_source_type: str | None = None
    ai_system_used: str | None = None
    ai_system_version_used: str | None = None
    ai_prompt_information: str | None = None

    @property
    def given(self) -> list[Given]:
        """The colors that a person gave."""
        return (read(self.ai_prompt_information) or []) if self.is_ours else []

    @property
    def colorizer(self) -> str:
        """The colorizers that are named, joined by ", "; "" if none is."""
        named = (self.ai_system_used or "").removeprefix(AI_SYSTEM)
        return named.removeprefix(", colorizers ").removeprefix(", colorizer ") if self.is_ours else ""

    @property
    def is_ours(self) -> bool:
        """Whether Photochrom is named as the source of the color."""
        return self.digital_source_type == DIGITAL_SOURCE_TYPE and (self.ai_system_used or "").startswith(AI_SYSTEM)


_PROPERTIES: Final = {
    "digital_source_type": _q("Iptc4xmpExt:DigitalSourceType"),
    "ai_system_used": _q("Iptc4xmpExt:AISystemUsed"),
    "ai_system_version_used": _q("Iptc4xmpExt:AISystemVersionUsed"),
    "ai_prompt_information": _q("Iptc4xmpExt:AIPromptInformation"),
}


@dataclass(frozen=True)
class Mark:
    """The source of the color: the colorizer's name ("" if unknown, several joined by ", ") and Photochrom's
    version. `when` it was made, None for now: a time of its own makes equal work give equal bytes. `given`: the colors
    that a person gave."""

    colorizer: str
    version: str
    when: datetime | None = None
    given: tuple[Given, ...] = ()

    @property
    def note(self) -> SourceNote:
        """The note in a packet with this mark."""
        word = "colorizers" if ", " in self.colorizer else "colorizer"
        system = f"{AI_SYSTEM}, {word} {self.colorizer}" if self.colorizer else AI_SYSTEM
        return SourceNote(DIGITAL_SOURCE_TYPE, system, self.version, written(self.given) or None)

    def packet(self, existing: bytes | None = None) -> bytes:
        """Returns the XMP packet (UTF-8) with this mark, merged into `existing` if there is one.

        A packet that is not well-formed, or that has a document type declaration (never part of XMP, and the
        vehicle of entity bombs), is replaced, and a warning is logged.
        """
        rdf = _parsed(existing) if existing else None
        if rdf is None:
            rdf = xmp.new()
        self._write(rdf)
        return xmp.serialize(rdf)

    def _write(self, rdf: Element) -> None:
        about = next((str(d.get(_q("rdf:about"), "")) for d in rdf.iter(_q("rdf:Description"))), "")
        history: Element | None = next(rdf.iter(_q("xmpMM:History")), None)
        statements = {_PROPERTIES[name]: value for name, value in asdict(self.note).items() if value is not None}
        tool = _q("xmp:CreatorTool")
        if tool not in xmp.properties(rdf):
            statements[tool] = f"Photochrom {self.version}"
        xmp.remove(rdf, *statements)
        names = {prefix: uri for prefix, uri in _NAMESPACES.items() if prefix not in ("x", "rdf")}
        description = etree.SubElement(rdf, _q("rdf:Description"), {_q("rdf:about"): about}, nsmap=names)
        for name, value in statements.items():
            etree.SubElement(description, name).text = value
        if history is None:
            history = etree.SubElement(description, _q("xmpMM:History"))
        steps = history.find(_q("rdf:Seq"))
        if steps is None:
            steps = etree.SubElement(history, _q("rdf:Seq"))
        step = etree.SubElement(steps, _q("rdf:li"), {_q("rdf:parseType"): "Resource"})
        for name, value in {
            "stEvt:action": "edited",
            "stEvt:when": (self.when or datetime.now(UTC)).isoformat(timespec="seconds"),
            "stEvt:softwareAgent": f"Photochrom {self.version}",
            "stEvt:parameters": "colors added"
            + (f" by {self.colorizer}" if self.colorizer else "")
            + "; tones unchanged",
        }.items():
            etree.SubElement(step, _q(name)).text = value


def read_note(packet: bytes | None) -> SourceNote:
    """Reads a packet's note on its picture's source. Raises BadXMP."""
    if packet is None:
        return SourceNote()
    rdf = xmp.parse(packet)
    return SourceNote(**{name: _value(rdf, property) for name, property in _PROPERTIES.items()})


def without(packet: bytes) -> bytes | None:
    """Returns the packet without what `Mark.packet` added; None if nothing is left. Raises BadXMP."""
    rdf = xmp.parse(packet)
    note = read_note(packet)
    if not note.is_ours:
        return packet
    kept = _PROPERTIES["ai_prompt_information"] if read(note.ai_prompt_information) is None else None
    xmp.remove(rdf, *(each for each in _PROPERTIES.values() if each != kept))
    if (_value(rdf, _q("xmp:CreatorTool")) or "").startswith(f"{AI_SYSTEM} "):
        xmp.remove(rdf, _q("xmp:CreatorTool"))
    for description in xmp.descriptions(rdf):
        for history in description.findall(_q("xmpMM:History")):
            for steps in history.findall(_q("rdf:Seq")):
                for step in [each for each in steps if (_value(each, _AGENT) or "").startswith(f"{AI_SYSTEM} ")]:
                    steps.remove(step)
            if next(history.iter(_q("rdf:li")), None) is None:
                description.remove(history)
        if len(description) == 0 and not set(description.attrib) - {_q("rdf:about")}:
            rdf.remove(description)
    return xmp.serialize(rdf) if len(rdf) else None


_AGENT: Final = _q("stEvt:softwareAgent")


def _value(root: Element, property: str) -> str | None:
    """Returns the value of the first occurrence, an element or an attribute."""
    for element in root.iter():
        if property in element.attrib:
            return str(element.attrib[property])
        if element.tag == property:
            return (element.text or "").strip()
    return None


def _parsed(packet: bytes) -> Element | None:
    """Returns the RDF of a packet; None, with a warning, if it is unusable."""
    try:
        return xmp.parse(packet)
    except BadXMP as error:
        log.warning("The file's XMP metadata %s and was left out.", error)
        return None
