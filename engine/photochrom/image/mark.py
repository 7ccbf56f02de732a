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
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

log = logging.getLogger(__name__)

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


@dataclass(frozen=True)
class Mark:
    """Who made the colour: the colorizer's name, and Photochrom's version."""

    colorizer: str
    version: str

    def packet(self, existing: bytes | None = None) -> bytes:
        """The XMP packet (UTF-8) with this mark, merged into `existing` if there is one.

        A packet that is not well-formed, or that has a document type declaration (never part of XMP, and
        the way entity bombs come), is replaced and a warning is logged.
        """
        root = _parse(existing) if existing else None
        rdf = None if root is None else next(root.iter(_q("rdf:RDF")), None)
        if root is None or rdf is None:
            root = ET.Element(_q("x:xmpmeta"))
            rdf = ET.SubElement(root, _q("rdf:RDF"))
        self._write(rdf)
        body = ET.tostring(root, encoding="unicode")
        begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        return f'{begin}\n{body}\n<?xpacket end="w"?>'.encode()

    def _write(self, rdf: ET.Element) -> None:
        about = next((d.get(_q("rdf:about"), "") for d in rdf.iter(_q("rdf:Description"))), "")
        history = next(rdf.iter(_q("xmpMM:History")), None)
        statements = {
            _q("Iptc4xmpExt:DigitalSourceType"): DIGITAL_SOURCE_TYPE,
            _q("Iptc4xmpExt:AISystemUsed"): f"Photochrom, colorizer {self.colorizer}",
            _q("Iptc4xmpExt:AISystemVersionUsed"): self.version,
        }
        tool = _q("xmp:CreatorTool")
        has_tool = any(tool in d.attrib or d.find(tool) is not None for d in rdf)
        if not has_tool:
            statements[tool] = f"Photochrom {self.version}"
        for old in list(rdf):
            for name in statements:
                old.attrib.pop(name, None)
                for element in old.findall(name):
                    old.remove(element)
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
            "stEvt:parameters": f"colour added by the colorizer {self.colorizer}; tones unchanged",
        }.items():
            ET.SubElement(step, _q(name)).text = value


def _parse(packet: bytes) -> ET.Element | None:
    """The root element of an XMP packet, keeping its prefixes; None if it is not to be trusted."""
    text = packet.strip(b"\0 \r\n\t")
    # ElementTree expands entities that a document type declares. Null bytes out: UTF-16 packets too.
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", text.replace(b"\0", b""), re.IGNORECASE):
        log.warning("The file's XMP metadata has a document type declaration and was left out.")
        return None
    try:
        for _, (prefix, uri) in ET.iterparse(io.BytesIO(text), events=["start-ns"]):
            if prefix and uri not in _NAMESPACES.values() and not re.fullmatch(r"ns\d+", prefix):
                ET.register_namespace(prefix, uri)
        return ET.fromstring(text)
    except (ET.ParseError, LookupError, ValueError) as error:
        log.warning("The file's XMP metadata is damaged and was left out: %s", error)
        return None
