"""Maps text fields between containers: PNG's texts, JPEG's comments, IPTC.

Fields that the result's container does not have become XMP properties, unless the packet has them already; IPTC is
mapped by the IPTC Photo Metadata Standard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from photochrom.image.metadata import iptc, xmp
from photochrom.image.metadata.facts import Container
from photochrom.image.metadata.model import Metadata, Text
from photochrom.image.metadata.xmp import Element

_DC: Final = ("dc", "{http://purl.org/dc/elements/1.1/}")
_XMP: Final = ("xmp", "{http://ns.adobe.com/xap/1.0/}")
_EXIF: Final = ("exif", "{http://ns.adobe.com/exif/1.0/}")
_PHOTOSHOP: Final = ("photoshop", "{http://ns.adobe.com/photoshop/1.0/}")

_Property = tuple[tuple[str, str], str, str]
"""Namespace, name, and type: "" for a text, or the kind of array."""

_OF_PNG: Final[dict[str, _Property]] = {
    "title": (_DC, "title", "Alt"),
    "author": (_DC, "creator", "Seq"),
    "artist": (_DC, "creator", "Seq"),
    "description": (_DC, "description", "Alt"),
    "copyright": (_DC, "rights", "Alt"),
    "source": (_DC, "source", ""),
    "software": (_XMP, "CreatorTool", ""),
    "comment": (_EXIF, "UserComment", "Alt"),
    "url": (_XMP, "BaseURL", ""),
}
"""PNG's keywords, in lower case, to XMP properties."""

_OF_IPTC: Final[dict[tuple[int, int], _Property]] = {
    (2, 5): (_DC, "title", "Alt"),
    (2, 15): (_PHOTOSHOP, "Category", ""),
    (2, 20): (_PHOTOSHOP, "SupplementalCategories", "Bag"),
    (2, 25): (_DC, "subject", "Bag"),
    (2, 40): (_PHOTOSHOP, "Instructions", ""),
    (2, 80): (_DC, "creator", "Seq"),
    (2, 85): (_PHOTOSHOP, "AuthorsPosition", ""),
    (2, 90): (_PHOTOSHOP, "City", ""),
    (2, 95): (_PHOTOSHOP, "State", ""),
    (2, 101): (_PHOTOSHOP, "Country", ""),
    (2, 103): (_PHOTOSHOP, "TransmissionReference", ""),
    (2, 105): (_PHOTOSHOP, "Headline", ""),
    (2, 110): (_PHOTOSHOP, "Credit", ""),
    (2, 115): (_PHOTOSHOP, "Source", ""),
    (2, 116): (_DC, "rights", "Alt"),
    (2, 120): (_DC, "description", "Alt"),
    (2, 122): (_PHOTOSHOP, "CaptionWriter", ""),
}
_IPTC_DATE: Final = (2, 55)
_OF_THE_RECORDS: Final = frozenset({(1, 0), (1, 90), (2, 0), (2, 60)})
"""Records about the records themselves, and the time, which belongs to the date."""

_HAVE_IPTC: Final = frozenset({"jpeg", "tiff", "png"})


def carry_over(metadata: Metadata, container: Container) -> Metadata:
    """Returns the metadata with every text in a field that the container has, or a note that it has none."""
    notes: list[str] = []
    rdf = xmp.parse(metadata.xmp) if metadata.xmp is not None else xmp.new()
    before = xmp.properties(rdf)
    texts, comments, records = metadata.texts, metadata.comments, metadata.iptc
    if container != "png":
        left = [text for text in texts if not _put(rdf, before, _OF_PNG.get(text.keyword.lower()), [text.text])]
        comments, texts = _as_comments(comments, left, container, notes), ()
    elif comments:
        texts, comments = (*texts, *(Text("Comment", comment_text(each)) for each in comments)), ()
    if comments and container != "jpeg":
        comments = _into_xmp(rdf, before, comments, notes)
    if records and container not in _HAVE_IPTC:
        _iptc_into_xmp(rdf, before, records, notes)
        records = b""
    if metadata.photoshop and container == "webp":
        notes.append("WebP cannot hold Photoshop's image resources: they are left out.")
    if metadata.modified and container != "png":
        metadata = replace(metadata, modified=None)
    packet = xmp.serialize(rdf) if xmp.properties(rdf) else None
    return replace(metadata, xmp=packet, texts=texts, comments=comments, iptc=records, notes=(*metadata.notes, *notes))


def comment_text(comment: bytes) -> str:
    """Decodes a JPEG comment, whose encoding is not declared: UTF-8, else Latin-1."""
    data = comment.rstrip(b"\0")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _as_comments(
    comments: tuple[bytes, ...], left: list[Text], container: Container, notes: list[str]
) -> tuple[bytes, ...]:
    """Texts without an XMP property become JPEG comments, with their keyword; other containers cannot hold them."""
    if container == "jpeg":
        return (*comments, *(f"{text.keyword}: {text.text}".encode("utf-8", "replace") for text in left))
    if left:
        names = ", ".join(f"“{text.keyword}”" for text in left)
        notes.append(f"only PNG can hold its text {names}: left out.")
    return comments


def _into_xmp(rdf: Element, before: set[str], comments: tuple[bytes, ...], notes: list[str]) -> tuple[bytes, ...]:
    text = "\n".join(filter(None, (comment_text(each) for each in comments)))
    if text and not _put(rdf, before, _OF_PNG["comment"], [text]):
        notes.append("its comment is left out: the result can hold only one, and its XMP has another.")
    return ()


def _iptc_into_xmp(rdf: Element, before: set[str], records: bytes, notes: list[str]) -> None:
    found = iptc.texts(records)
    lost = []
    for key, values in found.items():
        if key == _IPTC_DATE:
            _put_date(rdf, before, values[0])
        elif key not in _OF_THE_RECORDS and not _put(rdf, before, _OF_IPTC.get(key), values):
            lost.append(f"{key[0]}:{key[1]:03d}")
    if lost:
        notes.append(f"WebP cannot hold its IPTC records {', '.join(lost)}: they are left out.")


def _put_date(rdf: Element, before: set[str], date: str) -> None:
    if len(date) == 8 and date.isdigit():
        iso = f"{date[:4]}-{date[4:6]}-{date[6:]}"
        _put(rdf, before, (_PHOTOSHOP, "DateCreated", ""), [iso])


def _put(rdf: Element, before: set[str], known: _Property | None, values: list[str]) -> bool:
    """Sets a property unless the packet has it; returns whether the packet now contains the first of these values."""
    if known is None:
        return False
    (prefix, namespace), local, array = known
    name = namespace + local
    if name not in before:
        xmp.put(rdf, prefix, name, xmp.array(array, *values) if array else "; ".join(values))
        before.add(name)
        return True
    return values[0] in _all_text(rdf, name)


def _all_text(rdf: Element, name: str) -> str:
    found = [str(each.attrib[name]) for each in xmp.descriptions(rdf) if name in each.attrib]
    found += ["".join(map(str, child.itertext())) for each in xmp.descriptions(rdf) for child in each.findall(name)]
    return "\n".join(found)
