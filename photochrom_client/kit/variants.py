"""Which other answers there are to the same photograph."""

from __future__ import annotations

from collections.abc import Sequence

from ..protocol import AUTO, MAX_VARIANT, STYLES
from ..settings import RANGES, Settings
from ..translation import translated as _
from .unsuitable import Unsuitable

STRENGTHS = {"muted": 0.6, "strong": 1.4}
"""Factors of the strength."""

MOST = 9
MOST_OF_ONE = 5
"""How many answers of the colorizer itself are shown, the main one included: the others stand beside them."""


def keys(count: int, colorizers: Sequence[str], style: str) -> list[str]:
    """What is shown, 4 to 9 of them as far as there are: `count` is how many variants the colorizer has, `colorizers`
    the names of those installed, `style` that of the main answer: the other one is shown, too."""
    own = [str(number) for number in range(min(count, MAX_VARIANT) + 1)]
    others = [name for name in colorizers if name != AUTO]
    found = [*own[:MOST_OF_ONE], *(each for each in STYLES if each != style), *STRENGTHS, *others][:MOST]
    return [*found, *own[MOST_OF_ONE:][: MOST - len(found)]]


def settings_of(settings: Settings, key: str) -> Settings:
    """The settings that a key means: a variant's number, a style, a strength, or anything else a colorizer, which the
    engine knows or not."""
    if key.isdigit():
        return settings._replace(variant=int(key))
    if key in STYLES:
        return settings._replace(style=key)
    if key in STRENGTHS:
        return settings._replace(chroma=min(RANGES["chroma"][1], settings.chroma * STRENGTHS[key]))
    return settings._replace(colorizer=key, variant=0)  # each colorizer counts its own


def chosen(settings: Settings, listed: str) -> list[Settings]:
    """The settings that keys in a text mean, which commas or spaces part. Raises `Unsuitable` for none."""
    found = [settings_of(settings, key) for key in listed.replace(",", " ").split()]
    if not found:
        raise Unsuitable(_("No variant is chosen."))
    return found


def title(key: str, job_title: str = "") -> str:
    """The text below a thumbnail: what differs from the main answer."""
    own = {
        **{"0": _("as predicted"), "muted": _("weaker colors"), "strong": _("stronger colors")},
        **{"calm": _("calm colors"), "vivid": _("vivid colors")},
    }
    return own.get(key) or job_title or key
