"""The pool of colorizers: a module for each published system, all with one protocol.

A colorizer takes a photograph's lightness at proxy size and predicts its color. It never sees the photograph at full
size, never returns lightness, and knows nothing of files, layers or sockets.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Protocol, TypeGuard

from photochrom import models
from photochrom.errors import ModelMissing
from photochrom.models import Card, catalog
from photochrom.models.loaded import LOADED
from photochrom.values import Hints, Plane, Prediction
from photochrom_client.protocol import AUTO


class Colorizer(Protocol):
    """What every system of the pool is. One instance may be used from several threads."""

    card: Card

    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100, any h and w -> its prediction."""
        ...


class HintedColorizer(Colorizer, Protocol):
    """A colorizer whose network takes hints as inputs."""

    def predict(self, lightness: Plane, hints: Hints | None = None) -> Prediction:
        """Lightness (h, w) 0…100, any h and w, and hints of the same size -> its prediction."""
        ...


def takes_hints(colorizer: Colorizer) -> TypeGuard[HintedColorizer]:
    """Whether a colorizer's network takes hints, as its card says."""
    return colorizer.card.takes_hints


def available() -> list[Card]:
    """The cards of all installed colorizers: those that ship, then those in the store; each by name."""
    return models.installed("colorizer")


def load(name: str) -> Colorizer:
    """The colorizer of this name, loaded once (`models.loaded`). "auto" is the embedded one with its gate free.

    Raises:
        ModelMissing: no such model is installed; if it can be, the error says how.
        ModelDamaged: its files differ from its card.
    """
    return LOADED.get("colorizer", name, lambda: _opened(_card(name)))


def _card(name: str) -> Card:
    cards = {card.name: card for card in available()}
    for card in cards.values():
        if name == AUTO and "expert" in card.details:
            free = {key: value for key, value in card.details.items() if key != "expert"}
            return replace(card, name=AUTO, details=free)
    if name == AUTO:
        raise ModelMissing(
            "The bundled model is not installed.",
            "Install Photochrom again, or choose another colorizer: photochrom models list.",
        )
    if name not in cards:
        known: list[catalog.Published | catalog.Trainable] = [*catalog.published("colorizer"), *catalog.trainable()]
        for entry in known:
            if entry.name == name:
                raise entry.missing()
        raise ModelMissing(f"There is no colorizer named {name!r}.", f"Installed: {', '.join(['auto', *cards])}.")
    return cards[name]


def _opened(card: Card) -> tuple[Colorizer, int]:
    return importlib.import_module(f"photochrom.colorizers.{card.system}").open_model(card), card.size
