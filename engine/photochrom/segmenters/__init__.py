"""What finds the objects of a picture: one module a system, all behind one protocol.

A segmenter sees a small lightness picture (its proxy) and answers with segments. One is embedded and needs no download;
others (Segment Anything) are models that people fetch or import, with cards of the kind "segmenter".
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from photochrom import models
from photochrom.errors import ModelMissing
from photochrom.models.loaded import LOADED
from photochrom.progress import Progress, silent
from photochrom.values import Mask, Plane, Segments

KIND: Final = "segmenter"
"""Of their cards."""

EMBEDDED: Final = "felzenszwalb"
"""The segmenter that is always there: also the name of its module."""


class Segmenter(Protocol):
    """What every system is. `proxy_side`: short side, in pixels, of the proxy that it works best on."""

    proxy_side: int

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100, any h and w -> its segments, of the same size."""
        ...


@runtime_checkable
class Promptable(Protocol):
    """A segmenter that finds one object from a prompt, as Segment Anything does."""

    def mask(
        self,
        lightness: Plane,
        points: Sequence[tuple[float, float]] = (),
        away: Sequence[tuple[float, float]] = (),
        box: tuple[float, float, float, float] | None = None,
    ) -> Mask:
        """Lightness (h, w) 0…100, and points (x, y) on the object and off it, or a box around it (left, top, right,
        bottom), 0…1 -> the object's mask (h, w)."""
        ...


@dataclass(frozen=True)
class Choice:
    """A segmenter that can be had: its name, and in one line what it is good at."""

    name: str
    good_at: str


def available() -> list[Choice]:
    """All segmenters that can be loaded: the embedded one, then the installed models, each by name."""
    embedded = Choice(EMBEDDED, "Areas of even tone; needs no download")
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
        ModelDamaged: its files are not what its card says.
        ExtraMissing: it needs a package that is not installed.
        Cancelled: from `progress`.
    """
    return LOADED.get(KIND, name, lambda: _opened(name, progress), progress)


def _opened(name: str, progress: Progress) -> tuple[Segmenter, int]:
    if name == EMBEDDED:
        return importlib.import_module(f"photochrom.segmenters.{EMBEDDED}").Embedded(), 0
    cards = {card.name: card for card in models.installed(KIND)}
    if name not in cards:
        raise ModelMissing(
            f"There is no segmenter named {name!r} here.", f"Installed: {', '.join([EMBEDDED, *cards])}."
        )
    card = cards[name]
    opened = importlib.import_module(f"photochrom.segmenters.{card.system}").open_model(card, progress)
    return opened, card.size
