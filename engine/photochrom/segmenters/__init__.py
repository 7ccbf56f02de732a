"""Segmenters, which find the objects of a picture: a module for each system, all with one protocol.

A segmenter takes a photograph's lightness at proxy size and returns its segments, or the one object that clicks or a
box show. One is embedded and needs no
download; others (Segment Anything) are models to be fetched or imported, with cards of the kind "segmenter".
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Final, Protocol

from photochrom import models
from photochrom.errors import BadRequest, ModelMissing
from photochrom.models.loaded import LOADED
from photochrom.progress import Progress, silent
from photochrom.values import Mask, Plane, Segments
from photochrom_client.prompt import Prompt

KIND: Final = "segmenter"
"""The kind of their cards."""

EMBEDDED: Final = "felzenszwalb"
"""The name of the segmenter that is always available, and of its module."""


class Segmenter(Protocol):
    """The protocol of all segmenters. `proxy_side`: short side, in pixels, of the proxy that it works best on."""

    proxy_side: int

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100, any h and w -> its segments, of the same size."""
        ...

    def mask(self, lightness: Plane, prompt: Prompt) -> Mask:
        """Lightness (h, w) 0…100, and what shows one of its objects -> the object's mask (h, w).

        Raises:
            BadRequest: the prompt shows none.
        """
        ...


@dataclass(frozen=True)
class Choice:
    """An available segmenter: its name, and its strength in one line."""

    name: str
    good_at: str


def check(prompt: Prompt) -> None:
    """Raises BadRequest if a prompt shows no object."""
    if not prompt.shows_object:
        raise BadRequest("There is no prompt for the object.", "Give a point on it, or a box around it.")


def available() -> list[Choice]:
    """All segmenters that can be loaded: the embedded one, then the installed models, each by name."""
    embedded = Choice(EMBEDDED, "Areas of even tone, and objects by a few clicks; needs no download")
    return [embedded, *(Choice(card.name, card.good_at) for card in models.installed(KIND))]


def default() -> str:
    """The name of the best segmenter that is installed: the model with most parameters, or else the embedded one."""
    cards = models.installed(KIND)
    return max(cards, key=lambda card: int(card.details.get("parameters", 0))).name if cards else EMBEDDED


def load(name: str, progress: Progress = silent) -> Segmenter:
    """The segmenter of this name, loaded once (`models.loaded`). A model that is loaded for the first time ever may be
    prepared for this computer, which takes minutes: `progress` reports it.

    Raises:
        ModelMissing: no such segmenter is installed.
        ModelDamaged: its files differ from its card.
        ExtraMissing: it needs a package that is not installed.
        Cancelled: from `progress`.
    """
    return LOADED.get(KIND, name, lambda: _opened(name, progress), progress)


def _opened(name: str, progress: Progress) -> tuple[Segmenter, int]:
    if name == EMBEDDED:
        return importlib.import_module(f"photochrom.segmenters.{EMBEDDED}").Embedded(), 0
    cards = {card.name: card for card in models.installed(KIND)}
    if name not in cards:
        raise ModelMissing(f"There is no segmenter named {name!r}.", f"Installed: {', '.join([EMBEDDED, *cards])}.")
    card = cards[name]
    opened = importlib.import_module(f"photochrom.segmenters.{card.system}").open_model(card, progress)
    return opened, card.size
