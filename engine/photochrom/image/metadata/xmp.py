"""XMP packets (ISO 16684-1): parsed defensively, split for JPEG's segments, and joined again.

XMP never has a document type declaration, the vehicle of entity bombs: a packet with one is rejected.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from photochrom.image.metadata.model import MAX_BLOCK

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NOTE: Final = "http://ns.adobe.com/xmp/note/"
HAS_EXTENDED: Final = f"{{{NOTE}}}HasExtendedXMP"
ABOUT: Final = f"{{{RDF}}}about"
DESCRIPTION: Final = f"{{{RDF}}}Description"

_DEEPEST: Final = 100
"""Maximum nesting of elements: real packets have about ten levels."""

_DECLARATION: Final = re.compile(r"^\s*<\?xml\s[^>]*\?>")
_DOCUMENT_TYPE: Final = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_END: Final = re.compile(r"<\?xpacket\s+end=[^>]*\?>")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML does not allow."""

Element = etree._Element


class BadXMP(ValueError):
    """The packet is malformed or unsafe; the message gives the reason, following "its XMP metadata"."""


def parse(packet: bytes) -> Element:
    """Returns the `rdf:RDF` element of a packet in UTF-8, UTF-16 or UTF-32. Raises BadXMP."""
    if len(packet) > MAX_BLOCK:
        raise BadXMP(f"is longer than {MAX_BLOCK >> 20} MB")
    text = _DECLARATION.sub("", _decoded(packet))
    if _DOCUMENT_TYPE.search(text):
        raise BadXMP("has a document type declaration, which XMP never has")
    if end := _END.search(text):
        text = text[: end.start()]
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        deep = "depth" in str(error)
        raise BadXMP("is nested too deep" if deep else f"is damaged ({_short(error)})") from error
    if _deeper_than(root, _DEEPEST):
        raise BadXMP("is nested too deep")
    rdf: Element | None = next(root.iter(f"{{{RDF}}}RDF"), None)
    if rdf is None:
        raise BadXMP("has no RDF in it")
    return rdf


def new() -> Element:
    """An empty `rdf:RDF` element in its `x:xmpmeta`."""
    root = etree.Element("{adobe:ns:meta/}xmpmeta", nsmap={"x": "adobe:ns:meta/"})
    return etree.SubElement(root, f"{{{RDF}}}RDF", nsmap={"rdf": RDF})


def serialize(rdf: Element) -> bytes:
    """The packet, in UTF-8, around an `rdf:RDF` element."""
    root = rdf.getroottree().getroot()
    body = etree.tostring(root, encoding="unicode", with_tail=False)
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{body}\n<?xpacket end="w"?>'.encode()


def joined(main: Element, extended: Element) -> None:
    """Merges the properties of an extended packet into the main one, and removes the reference to it."""
    about = next((each.get(ABOUT, "") for each in descriptions(main)), "")
    for each in descriptions(extended):
        each.set(ABOUT, about)
        main.append(each)
    remove(main, HAS_EXTENDED)


def split(packet: bytes, room: int) -> tuple[bytes, bytes] | None:
    """Splits a packet into a main one of at most `room` bytes and an extended one; None if that is not possible.

    The longest properties are moved (ISO 16684-3, 1.1.3.1), so that short ones stay where every program reads them.
    """
    rdf = parse(packet)
    about = next((each.get(ABOUT, "") for each in descriptions(rdf)), "")
    extended = new()
    moved = etree.SubElement(extended, DESCRIPTION, {ABOUT: about})
    pointer = etree.SubElement(rdf, DESCRIPTION, {ABOUT: about})
    pointer.set(HAS_EXTENDED, "0" * 32)
    size = len(serialize(rdf))
    for length, owner, item in sorted(_by_length(rdf), key=lambda each: -each[0]):
        if size <= room and len(serialize(rdf)) <= room:
            break
        size -= length
        if isinstance(item, str):
            moved.set(item, str(owner.attrib.pop(item)))
        else:
            item.tail = None
            moved.append(item)
    etree.cleanup_namespaces(rdf.getroottree())
    second = etree.tostring(extended.getroottree().getroot(), encoding="unicode").encode()
    pointer.set(HAS_EXTENDED, digest(second))
    first = serialize(rdf)
    return (first, second) if len(first) <= room else None


def digest(extended: bytes) -> str:
    """The digest in `xmpNote:HasExtendedXMP` and in each segment of extended XMP."""
    return hashlib.md5(extended, usedforsecurity=False).hexdigest().upper()


def _by_length(rdf: Element) -> Iterator[tuple[int, Element, Element | str]]:
    """(bytes, its description, element or attribute name) of every property except the reference."""
    for owner in list(descriptions(rdf)):
        for name, value in owner.attrib.items():
            if name not in (ABOUT, HAS_EXTENDED):
                yield len(str(value).encode()), owner, str(name)
        for child in owner:
            if isinstance(child.tag, str):
                yield len(etree.tostring(child)), owner, child


def descriptions(rdf: Element) -> list[Element]:
    """The top-level `rdf:Description` elements, which hold the properties."""
    return [each for each in rdf if each.tag == DESCRIPTION]


def properties(rdf: Element) -> set[str]:
    """The names ("{namespace}name") of all properties."""
    names = {str(name) for each in descriptions(rdf) for name in each.attrib if name != ABOUT}
    return names | {str(child.tag) for each in descriptions(rdf) for child in each if isinstance(child.tag, str)}


def value(rdf: Element, name: str) -> str | None:
    """The text of a simple property, or None."""
    for each in descriptions(rdf):
        if name in each.attrib:
            return str(each.attrib[name])
        child = each.find(name)
        if child is not None:
            return (child.text or "").strip()
    return None


def remove(rdf: Element, *names: str) -> None:
    """Removes these properties, and descriptions that become empty."""
    for each in descriptions(rdf):
        for name in names:
            if name in each.attrib:
                del each.attrib[name]
            for child in each.findall(name):
                each.remove(child)
        if not len(each) and not set(each.attrib) - {ABOUT}:
            rdf.remove(each)


def put(rdf: Element, prefix: str, name: str, content: str | Element) -> None:
    """Sets a property to a text, or to a copy of an element (`rdf:Alt`, `rdf:Seq`)."""
    remove(rdf, name)
    about = next((each.get(ABOUT, "") for each in descriptions(rdf)), "")
    namespace = name[1:].partition("}")[0]
    owner = etree.SubElement(rdf, DESCRIPTION, {ABOUT: about}, nsmap={prefix: namespace})
    child = etree.SubElement(owner, name)
    if isinstance(content, str):
        child.text = clean(content)
    else:
        child.append(copy.deepcopy(content))


def array(kind: str, *items: str) -> Element:
    """Returns an `rdf:Seq`, `rdf:Bag` or `rdf:Alt` of these texts; for an Alt, in the default language."""
    found = etree.Element(f"{{{RDF}}}{kind}", nsmap={"rdf": RDF})
    for item in items:
        each = etree.SubElement(found, f"{{{RDF}}}li")
        each.text = clean(item)
        if kind == "Alt":
            each.set("{http://www.w3.org/XML/1998/namespace}lang", "x-default")
    return found


def clean(text: str) -> str:
    """Removes characters that XML does not allow."""
    return _FORBIDDEN.sub("", text.encode("utf-8", "replace").decode())


def _decoded(packet: bytes) -> str:
    data = packet.lstrip(b"\r\n\t ")
    for encoding, start in (
        ("utf-32", b"\xff\xfe\0\0"), ("utf-32", b"\0\0\xfe\xff"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"),
        ("utf-32-le", b"<\0\0\0"), ("utf-32-be", b"\0\0\0<"), ("utf-16-le", b"<\0"), ("utf-16-be", b"\0<"),
    ):  # fmt: skip
        if data.startswith(start):
            text = data.decode(encoding, "replace")
            break
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return _FORBIDDEN.sub("", text).strip("\ufeff \r\n\t")


def _deeper_than(root: Element, most: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            return True
    return False


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else "no XML"
