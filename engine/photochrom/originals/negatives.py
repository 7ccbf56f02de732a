"""Whether a photograph is a negative, by what the embedded colorizer's network sees in it and in its inverse.

Two judges, linear in what the network sees of a picture as a whole (`Lite.looks`). The first knows the picture alone,
which costs nothing where its colors are predicted anyway, and lets most positives go. The second, asked for those that
are left, knows the difference between the picture and its inverse: what both have in common, which tells nothing,
cancels out, and of the two exactly one can be taken for a negative.

How they were trained is in `photochrom.training.negatives`; their scores are on the card of `models/negatives`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom import colorizers, models
from photochrom.values import Plane

if TYPE_CHECKING:
    from photochrom.colorizers.lite import Lite

NAME, WEIGHTS = "negatives", "negatives.npz"
"""Of the model that ships, and its file."""

NETWORK: Final = "lite"
"""Whose network looks at the pictures."""

SIDE: Final = 160
"""Their short side in pixels where it does not ship: then only the tones are looked at."""


@dataclass(frozen=True)
class Judges:
    """The weights (channels,) of the first judge and of the second, the offset of the first, and the least logit of
    either that counts."""

    first: Plane
    offset: float
    suspicious: float
    second: Plane
    sure: float

    def suspects(self, looks: Plane) -> bool:
        """What is seen in a picture (channels,) -> whether it may be a negative."""
        return float(looks @ self.first) + self.offset > self.suspicious

    def is_sure(self, looks: Plane, inverse: Plane) -> bool:
        """What is seen in a picture and in its inverse, each (channels,) -> whether it is a negative."""
        return float((looks - inverse) @ self.second) > self.sure

    def says(self, looks: Plane, inverse: Plane) -> bool:
        """What is seen in a picture and in its inverse -> whether both judges take it for a negative."""
        return self.suspects(looks) and self.is_sure(looks, inverse)


def judges() -> Judges | None:
    """The learned ones; None where the network is not the one that they were taught with, or does not ship.

    Raises:
        ModelDamaged: their file differs from its card.
    """
    network = _network()
    return None if network is None else _judges(models.shipped_folder() / NAME, network.files["lite.bin"])


@lru_cache(1)
def _judges(folder: Path, network: str) -> Judges | None:
    card = models.read_card(folder / "card.json")
    if card.details["training"]["features_of"] != network:
        return None
    with np.load(card.file(WEIGHTS), allow_pickle=False) as stored:
        numbers = {name: float(stored[name]) for name in ("offset", "suspicious", "sure")}
        return Judges(first=stored["first"], second=stored["second"], **numbers)


def forget() -> None:
    """Reads the judges anew the next time."""
    _judges.cache_clear()


def proxy_side() -> int:
    """Short side in pixels of what the network looks at."""
    network = _network()
    return SIDE if network is None else network.proxy_side


def _network() -> models.Card | None:
    return next((each for each in models.shipped() if each.name == NETWORK), None)


def is_negative(lightness: Plane) -> bool:
    """Whether lightness (h, w) 0…100 of a whole photograph, of the size that the embedded colorizer takes, is that of a
    negative, almost for sure.

    Raises:
        ModelDamaged: files of the network or of the judges differ from their cards.
    """
    found = judges()
    if found is None:
        return False
    network: Lite = colorizers.load(NETWORK)  # type: ignore[assignment]
    looks = network.looks(lightness)
    return found.suspects(looks) and found.is_sure(looks, network.looks(100 - lightness))
