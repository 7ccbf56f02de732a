"""Routing, the Best Colorizer Guesser: from a photograph's lightness to each colorizer's share of its colors.

After Gomez Moreno et al., "Multipurpose Image Colorization" (section 3.3): a small convolutional network on a 64 × 64
picture names the best colorizer. Ours predicts a share for each one, and their colors are blended by these shares,
which was better in training than choosing one (`photochrom.training.router`).
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
    "stands_for",
]

DEFAULT = "lite"
"""The embedded colorizer, used where another one has no distribution."""

SIDE = 64
"""The router's input is the whole picture, squeezed to so many pixels a side (Guesser, section 3.1)."""

LEAST_SHARE = 0.05
"""Colorizers with a smaller share do not run: their contribution is invisible, and each takes time."""


@dataclass(frozen=True)
class Route:
    """`scores`: each colorizer's share of the colors, 0…1, sum 1, largest first."""

    scores: dict[str, float]

    @property
    def best(self) -> str:
        return next(iter(self.scores))

    @property
    def taking_part(self) -> dict[str, float]:
        """The shares of the colorizers that run; sum 1."""
        return _normalized({name: share for name, share in self.scores.items() if share >= LEAST_SHARE})


class Router:
    """A trained router. Thread-safe."""

    def __init__(self, card: Card) -> None:
        from photochrom.runtime.inference import opened

        self.card = card
        self._choices: list[str] = card.details["choices"]
        self._compiled = opened(card, "router")

    @property
    def choices(self) -> list[str]:
        """Its installed colorizers.

        Raises:
            ModelMissing: none is installed.
        """
        installed = {card.name for card in available()}
        known = [name for name in self._choices if name in installed]
        if not known:
            raise ModelMissing(
                f"None of the router's colorizers is installed: {', '.join(self._choices)}.",
                "Train it again with the installed colorizers: photochrom train router.",
            )
        return known

    def route(self, thumbnail: Plane) -> Route:
        """Lightness (64, 64) 0…100 of the whole picture -> the shares.

        A colorizer that is no longer installed gets none.

        Raises:
            ModelMissing: none of its colorizers is installed.
        """
        shares = self._compiled.create_infer_request().infer([thumbnail[None, None]]).to_tuple()[0][0]
        installed = self.choices
        known = {name: float(share) for name, share in zip(self._choices, shares, strict=True) if name in installed}
        return Route(_normalized(known))


def fixed(name: str) -> Route:
    """The shares that a name stands for, whatever the picture: one colorizer, or "lite+people" in equal parts."""
    return Route(_normalized(Counter(name.split(BLEND))))


def load() -> Router | None:
    """The installed router, loaded once (`models.loaded`); None if there is none: then the embedded network chooses by
    region.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    card = next(iter(models.installed("router")), None)
    return LOADED.get("router", card.name, lambda: (Router(card), card.size)) if card else None


def stands_for(name: str) -> list[str]:
    """The colorizers that may run under a name: the parts of a blend; for "auto", all of the installed router's.

    Raises:
        ModelMissing: none of the router's colorizers is installed. ModelDamaged: its files differ from its card.
    """
    router = load() if name == AUTO else None
    return router.choices if router else list(fixed(name).scores)


def _normalized(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    best_first = sorted(shares.items(), key=lambda item: -item[1])
    return {name: share / total for name, share in best_first}
