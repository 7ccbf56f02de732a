"""What GIMP's documents keep with each layer of ours, as JSON in a parasite of the layer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..given import tidy
from ..note import Maker
from ..settings import Settings

PARASITE = "photochrom-settings"
"""Name of the parasite, the same in every GIMP: they open each other's files."""

HEAT = "photochrom-uncertainty"
"""The same for a layer that shows uncertainty."""

KNOWN = "photochrom-known"
"""The same for the hints layer: how what is painted on it is known."""

HINTS = "Photochrom hints"
"""Name of the layer that is painted on. Not translated: it must be found again in another language."""


def written(settings: Settings, source: int, made_by: Maker) -> bytes:
    """The settings, as "source" the tattoo of the photograph's layer, as "made_by" who made the colors."""
    return json.dumps({**settings.to_dict(), "source": source, "made_by": made_by}).encode()


def heat_written(source: int) -> bytes:
    """What is kept with a layer that shows uncertainty: as "source" the tattoo of the photograph's layer."""
    return json.dumps({"source": source}).encode()


def note_written(note: str) -> bytes:
    """What is kept with the hints layer, as "note"."""
    return json.dumps({"note": note}).encode()


def note_read(data: bytes | None) -> str:
    """The note in what `note_written` gave, "" without any."""
    return tidy(str((read(data) or {}).get("note", "")))


def read(data: bytes | None) -> Mapping[str, Any] | None:
    """What `written`, `heat_written` or `note_written` gave; None for a layer that is not ours."""
    try:
        stored = json.loads(data.rstrip(b"\0")) if data is not None else None
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None
