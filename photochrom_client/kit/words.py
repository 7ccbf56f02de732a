"""The dialog's words about who chose the colors, and about what can be had.

`scores` are the shares of the client's `Job` by titles: the largest first, empty where the engine did not choose.
"""

from ..translation import translated as _

LEAST_SHARE = 0.05
"""Smaller shares are not told: what they change cannot be seen."""

NO_DOUBT = _("This colorizer does not say where it guessed.")


STYLE = _("Vivid dares more colors; Calm keeps to the most likely ones")
STYLES = (("vivid", _("Vivid")), ("calm", _("Calm")))
"""What is to be said of the choice between them, and each with its title."""


def automatic(scores):
    """The automatic choice and what it came to: "Automatic (Portraits, 71 %)"."""
    best = next(iter(scores), None)
    if best is None:
        return _("Automatic")
    return _("Automatic ({name}, {share})").format(name=best, share=_percent(scores[best]))


def colored_by(colorizer, scores):
    """ "Portraits 71 %, Scenes 20 %"; without scores the colorizer's name."""
    return ", ".join(f"{name} {_percent(share)}" for name, share in scores.items() if share >= LEAST_SHARE) or colorizer


def _percent(share):
    return f"{round(100 * share)} %"


def license_to_accept(model):
    """What is asked before one of the client's models is fetched."""
    return _("{name} comes under {license}. {weights_license} To be downloaded: {size}.").format(
        name=model.name, license=model.license, weights_license=model.weights_license, size=model.size
    )
