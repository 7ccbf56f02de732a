"""Guidance inputs: what the engine heeds beside a photograph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..engine import Layer
from ..settings import Settings
from ..translation import translated as _

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


def needs_selection(wishes: Iterable[Settings]) -> bool:
    """Whether a selection says which object is meant in one of them."""
    return any(wish.object is not None and bool(wish.object.get("selection")) for wish in wishes)


def reference_file(wishes: Iterable[Settings]) -> str | None:
    """The path of the picture that is followed, "" for one that had no file; None where none is followed."""
    return next((wish.reference_file for wish in wishes if wish.reference), None)
