"""The note in an image's metadata that its colors were made by an algorithm, present as long as such colors are.

GIMP writes it into the files it exports, as it does all metadata. Tags are read and set in GIMP's own XML of them: the
class that has functions for it is in a package that not every GIMP comes with (Debian: gir1.2-gexiv2-0.10).
"""

import json
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path

import layers
from gi.repository import Gimp

from photochrom_client import note

TAGS = {name: f"Xmp.iptcExt.{name}" for name in note.PROPERTIES}

EARLIER = "photochrom-note"
"""Name of a parasite of the image: in JSON, the earlier values of the same properties."""

CHOICE = "photochrom-settings.json"
"""Name of the file in GIMP's profile that says whether the user wants notes."""


def wanted():
    """Whether the user wants notes: the last choice in any dialog; at first True."""
    try:
        return json.loads(_choice().read_text(encoding="utf-8"))["note"] is not False
    except (OSError, ValueError, LookupError, TypeError):
        return True


def want(on):
    """Remembers that choice. In a profile that cannot be written to, it holds for this run only."""
    if on != wanted():
        with suppress(OSError):
            _choice().write_text(json.dumps({"note": on}), encoding="utf-8")


def _choice():
    return Path(Gimp.directory()) / CHOICE


def update(image, on):
    """Brings the note in line with the layers, or removes it where there are no colors of ours or it is not `on`.

    To be called within the undo step that changes the layers.
    """
    tags = ET.fromstring((image.get_metadata() or Gimp.Metadata.new()).serialize())
    current = {name: tags.findtext(f"tag[@name='{tag}']") for name, tag in TAGS.items()}
    makers = layers.makers(image) if on else []
    if makers:
        values = note.properties(makers)
        if not note.is_ours(current):
            _keep_earlier(image, current)
    elif note.is_ours(current):
        values = _earlier(image)
    else:
        return
    if values == current:
        return
    for name, tag in TAGS.items():
        for element in tags.findall(f"tag[@name='{tag}']"):
            tags.remove(element)
        if values[name] is not None:
            ET.SubElement(tags, "tag", name=tag).text = values[name]
    image.set_metadata(Gimp.Metadata.deserialize(ET.tostring(tags, encoding="unicode")))


def _keep_earlier(image, values):
    data = list(json.dumps(values).encode())
    image.attach_parasite(Gimp.Parasite.new(EARLIER, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE, data))


def _earlier(image):
    parasite = image.get_parasite(EARLIER)
    try:
        stored = json.loads(bytes(parasite.get_data()).rstrip(b"\0")) if parasite is not None else {}
        return {name: stored.get(name) if isinstance(stored.get(name), str) else None for name in TAGS}
    except (ValueError, AttributeError):
        return dict.fromkeys(TAGS)
