"""The note that an image's colors were made by an algorithm, in the XML that GIMP has of an image's metadata.

GIMP writes it into the files it exports, as it does all metadata. The class that has functions for tags is in a package
that not every GIMP comes with.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .. import given as given_colors
from .. import note
from ..note import Maker

TAGS = {name: f"Xmp.iptcExt.{name}" for name in note.PROPERTIES}

EARLIER = "photochrom-note"
"""Name of a parasite of the image: in JSON, the earlier values of the same properties."""


class Noted(NamedTuple):
    """The new metadata, and what the parasite `EARLIER` is to keep of the old; None for what stays as it is."""

    xml: str | None
    earlier: bytes | None


def noted(xml: str, makers: Sequence[Maker], earlier: bytes | None, given: str = "") -> Noted:
    """Metadata with the note where there are `makers`, and with the values of the parasite `EARLIER` where there are
    none and a note of ours is there. `given`: the colors that a person gave, as `given.written`. Raises
    `xml.etree.ElementTree.ParseError`."""
    tags = ET.fromstring(xml)
    current = _current(tags)
    keep = None
    values: Mapping[str, str | None] = current
    if makers:
        values = note.properties(makers, given)
        if not given and given_colors.read(current[note.GIVEN]) is None:
            values[note.GIVEN] = current[note.GIVEN]  # somebody else's
        if not note.is_ours(current):
            keep = json.dumps(current).encode()
    elif note.is_ours(current):
        values = _kept(earlier)
    if values == current:
        return Noted(None, keep)
    for name, tag in TAGS.items():
        for element in tags.findall(f"tag[@name='{tag}']"):
            tags.remove(element)
        if values[name] is not None:
            ET.SubElement(tags, "tag", name=tag).text = values[name]
    return Noted(ET.tostring(tags, encoding="unicode"), keep)


def is_noted(xml: str) -> bool:
    """Whether metadata have the note. Raises `xml.etree.ElementTree.ParseError`."""
    return note.is_ours(_current(ET.fromstring(xml)))


def _current(tags: ET.Element) -> dict[str, str | None]:
    return {name: tags.findtext(f"tag[@name='{tag}']") for name, tag in TAGS.items()}


def _kept(earlier: bytes | None) -> dict[str, str | None]:
    try:
        stored = json.loads(earlier.rstrip(b"\0")) if earlier is not None else {}
        return {name: stored.get(name) if isinstance(stored.get(name), str) else None for name in TAGS}
    except (ValueError, AttributeError):
        return dict.fromkeys(TAGS)
