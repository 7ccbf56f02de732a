"""Which other answers there are to the same photograph. Knows nothing of GIMP."""

from photochrom_client import translated as _

MUTED, VIVID = 0.6, 1.4
"""Factors of the strength."""

MOST = 9
MOST_OF_ONE = 5
"""How many answers of the colorizer itself are shown, the main one included: the others stand beside them."""


def keys(count, colorizers):
    """What is shown, 4 to 9 of them as far as there are: `count` is how many variants the colorizer has, `colorizers`
    the names of those installed."""
    others = [name for name in colorizers if name != "auto"]
    own = [str(number) for number in range(min(count + 1, MOST_OF_ONE))]
    found = [*own, "muted", "vivid", *others][:MOST]
    more = [str(number) for number in range(len(own), count + 1)]
    return [*found, *more[: MOST - len(found)]]


def wish(settings, key):
    """The settings that a key means. An unknown one is taken for a colorizer's name: the engine knows them all."""
    if key.isdigit():
        return settings._replace(variant=int(key))
    if key in {"muted", "vivid"}:
        return settings._replace(chroma=settings.chroma * (MUTED if key == "muted" else VIVID))
    return settings._replace(colorizer=key)


def title(key, job_title):
    """What is written below a thumbnail."""
    return job_title or {"0": _("as predicted"), "muted": _("muted"), "vivid": _("vivid")}.get(key) or key
