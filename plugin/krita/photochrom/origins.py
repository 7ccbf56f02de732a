"""What a document remembers of a layer of ours: its photograph, its settings, and how the photograph looked then."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from .photochrom_client.note import Maker
from .photochrom_client.settings import Settings
from .qt import QtCore, QtGui

if TYPE_CHECKING:
    from krita import Document, Node

LOOK = 256
"""Pixels on the long side of the thumbnail that tells whether a photograph has changed: some 10 ms of the windows' time
for 12 megapixels. What is narrower than a 256th of the photograph can be missed."""


class Origin(NamedTuple):
    """Where a layer of ours comes from: the id of the photograph's layer, the settings, who made the colors, the
    photograph's `fingerprint` then ("" if unknown), whether the layer was a live one, whether it has colors, and
    whether it is a map of doubt; hints are neither."""

    source: str
    settings: Settings
    made_by: Maker
    seen: str
    live: bool
    colors: bool
    doubt: bool


def remember(
    document: Document,
    layer: Node,
    source: Node,
    settings: Settings,
    made_by: Maker | None = None,
    seen: str = "",
    live: bool = False,
    doubt: bool = False,
) -> None:
    """Stores the origin of `layer` in the document; `made_by` is None for one without colors."""
    stored = {
        "source": source.uniqueId().toString(),
        "settings": settings.to_dict(),
        "made_by": made_by,
        "seen": seen,
        "live": live,
        "doubt": doubt,
    }
    _annotate(document, layer, stored)


def _annotate(document: Document, layer: Node, stored: dict[str, object]) -> None:
    document.setAnnotation(_key(layer), "What made this layer", QtCore.QByteArray(json.dumps(stored).encode()))


def renote(document: Document, layer: Node, note: str) -> None:
    """Keeps with a layer that is remembered how its color is known, instead of an earlier note."""
    stored = json.loads(document.annotation(_key(layer)).data())
    settings = Settings.from_dict(dict(stored["settings"]))
    stored["settings"] = settings._replace(note=note).to_dict()
    _annotate(document, layer, stored)


def recall(document: Document, layer: Node) -> Origin | None:
    """What `remember` stored; None for a layer that is not ours."""
    if _key(layer) not in document.annotationTypes():
        return None
    try:
        stored = json.loads(document.annotation(_key(layer)).data())
        return Origin(
            str(stored["source"]),
            Settings.from_dict(dict(stored["settings"])),
            Maker.of(stored.get("made_by")),
            str(stored.get("seen", "")),
            stored.get("live") is True,
            stored.get("made_by") is not None,
            stored.get("doubt") is True,
        )
    except (ValueError, LookupError, TypeError):
        return None


def fingerprint(source: Node) -> str:
    """A text that differs when the photograph looks different; "" for an empty layer."""
    return fingerprint_of(look_of(source))


def look_of(source: Node) -> QtGui.QImage | None:
    """The thumbnail that fingerprints are taken of; None for an empty layer."""
    bounds = source.bounds()
    if bounds.isEmpty():
        return None
    scale = min(1.0, LOOK / max(bounds.width(), bounds.height()))
    return source.thumbnail(max(1, round(scale * bounds.width())), max(1, round(scale * bounds.height())))


def fingerprint_of(look: QtGui.QImage | None) -> str:
    if look is None:
        return ""
    bits = look.constBits()
    bits.setsize(look.bytesPerLine() * look.height())
    size = f"{look.width()}×{look.height()}"
    return hashlib.blake2b(bits.asstring(), digest_size=16, key=size.encode()).hexdigest()


def _key(layer: Node) -> str:
    return "photochrom/" + layer.uniqueId().toString()
