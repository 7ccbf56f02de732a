"""The Best Colorizer Guesser: looks at a photograph's lightness and says how much of each colorizer's colors to take.

After Gomez Moreno et al., "Multipurpose Image Colorization" (section 3.3): a small convolutional network on a 64 × 64
picture names the colorizer that will do best. Ours answers with a share for each one, and the colors are blended by
these shares: in training that beat choosing one (`photochrom.training.router`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from photochrom import models
from photochrom.colorizers import available
from photochrom.errors import ModelMissing
from photochrom.models import Card
from photochrom.models.loaded import LOADED
from photochrom.routing.blend import blend
from photochrom.values import Plane
from photochrom_client.protocol import AUTO, BLEND

__all__ = [
    "AUTO",
    "BLEND",
    "DEFAULT",
    "SIDE",
    "Route",
    "Router",
    "blend",
    "fixed",
    "load",
]

DEFAULT = "lite"
"""The embedded colorizer that stands in where another one says too little."""

SIDE = 64
"""The router's input is the whole picture, squeezed to so many pixels a side (Guesser, section 3.1)."""

LEAST_SHARE = 0.05
"""Colorizers with a smaller share are not asked: what they would change cannot be seen, and each costs its time."""


@dataclass(frozen=True)
class Route:
    """`scores`: each colorizer's share of the colors, 0…1, together 1, the best first."""

    scores: dict[str, float]

    @property
    def best(self) -> str:
        return next(iter(self.scores))

    @property
    def taking_part(self) -> dict[str, float]:
        """The shares of those that are worth asking; together 1."""
        return _normalized({name: share for name, share in self.scores.items() if share >= LEAST_SHARE})


class Router:
    """A trained guesser. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        from photochrom.runtime.inference import opened

        self.card = card
        self._choices: list[str] = card.details["choices"]
        self._compiled = opened(card, "router")

    @property
    def choices(self) -> list[str]:
        """Those of its colorizers that are installed.

        Raises:
            ModelMissing: none is.
        """
        installed = {card.name for card in available()}
        known = [name for name in self._choices if name in installed]
        if not known:
            raise ModelMissing(
                f"None of the router's colorizers is installed: {', '.join(self._choices)}.",
                "Train it again with what is installed: photochrom train router.",
            )
        return known

    def route(self, thumbnail: Plane) -> Route:
        """Lightness (64, 64) 0…100 of the whole picture -> the shares.

        A colorizer that the router knows and that is not installed any more gets none.

        Raises:
            ModelMissing: none of its colorizers is installed.
        """
        shares = self._compiled.create_infer_request().infer([thumbnail[None, None]]).to_tuple()[0][0]
        installed = self.choices
        known = {name: float(share) for name, share in zip(self._choices, shares, strict=True) if name in installed}
        return Route(_normalized(known))


def fixed(name: str) -> Route:
    """What a colorizer's name stands for without looking at the picture: itself, or "lite+people" in equal shares."""
    return Route(_normalized(Counter(name.split(BLEND))))


def load() -> Router | None:
    """The installed router, loaded once (`models.loaded`); None if there is none: then the embedded network chooses by
    region.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    card = next(iter(models.installed("router")), None)
    return LOADED.get("router", card.name, lambda: (Router(card), card.size)) if card else None


def _normalized(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    best_first = sorted(shares.items(), key=lambda item: -item[1])
    return {name: share / total for name, share in best_first}
