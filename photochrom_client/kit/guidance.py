"""Guidance inputs: what the engine heeds beside a photograph."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..engine import Layer
from ..prompt import Prompt
from ..settings import SELECTED, Settings
from ..translation import translated as _
from .unsuitable import Unsuitable

NOTHING_SELECTED = _("Nothing is selected. Select the object, roughly, or click on it in the preview.")
NO_REFERENCE = _("No picture to take the colors from. Choose one in “Color Like…”.")

Raster = tuple[int, int, bytes]
"""Width, height, and pixels row after row in the format that is named where it is used."""


class Guidance(NamedTuple):
    """The inputs for one photograph, each None where there is none.

    `hints`: what is painted over it, "CIE Lab alpha float". `selection`: float32 0…1. `reference`: the picture whose
    colors are followed, "CIE Lab float".
    """

    hints: Raster | None = None
    selection: Raster | None = None
    reference: Raster | None = None

    def send(self, layer: Layer, sent: Guidance | None = None) -> None:
        """Gives the engine's `layer` what differs from what was `sent` before."""
        sent = Guidance() if sent is None else sent
        if self.hints is not sent.hints:
            if self.hints is None:
                layer.unhint()
            else:
                layer.hint(*self.hints)
        if self.selection is not None and self.selection is not sent.selection:
            layer.select(*self.selection)
        if self.reference is not None and self.reference is not sent.reference:
            layer.refer(*self.reference)


def shown_by(said: str) -> Prompt:
    """The clicks in a text, JSON as in docs/protocol.md. Raises `Unsuitable` where they show no object."""
    try:
        prompt = Prompt.from_json(json.loads(said))
    except ValueError:
        prompt = None
    if prompt is None:
        raise Unsuitable(_("The clicks show no object, or are out of range."))
    return prompt


def unreadable(file: str) -> str:
    """Of a reference picture."""
    return _("The reference picture {file} cannot be opened. Choose it in “Color Like…”.").format(file=file)


def needs_selection(wishes: Iterable[Settings]) -> bool:
    """Whether a selection says which object is meant in one of them."""
    return any(wish.object == SELECTED for wish in wishes)


def reference_file(wishes: Iterable[Settings]) -> str | None:
    """The path of the picture that is followed, "" for one that had no file; None where none is followed."""
    return next((wish.reference_file for wish in wishes if wish.reference), None)


def followed(wishes: Iterable[Settings], chosen: Raster | None, read: Callable[[str], Raster]) -> Raster | None:
    """The picture that is followed: the chosen one, or else what `read` makes of its file; None where none is."""
    path = reference_file(wishes)
    if path is None:
        return None
    return read(path) if chosen is None else chosen
