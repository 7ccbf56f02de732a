"""Texts of the dialogs about the choice of a colorizer and its style.

`scores` are `Job.shares`: the largest first, empty where the engine did not choose.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..engine import Model
from ..translation import translated as _

LEAST_SHARE = 0.05
"""Smaller shares are left out: their effect cannot be seen."""

NO_DOUBT = _("This colorizer cannot tell where it is unsure.")

STYLE = _("Vivid dares more colors; Calm keeps to the most likely ones")
STYLES = (("vivid", _("Vivid")), ("calm", _("Calm")))
"""The help on the choice between them; each with its title."""


def automatic(scores: Mapping[str, float]) -> str:
    """The automatic choice and its result: "Automatic (Portraits, 71 %)"."""
    best = next(iter(scores), None)
    if best is None:
        return _("Automatic")
    return _("Automatic ({name}, {share})").format(name=best, share=_percent(scores[best]))


def colored_by(colorizer: str, scores: Mapping[str, float]) -> str:
    """ "Portraits 71 %, Scenes 20 %"; without scores the colorizer's name."""
    return ", ".join(f"{name} {_percent(share)}" for name, share in scores.items() if share >= LEAST_SHARE) or colorizer


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def license_to_accept(model: Model) -> str:
    """The question before a model is downloaded."""
    return _("{name} is licensed under {license}. {weights_license} Download size: {size}.").format(
        name=model.name, license=model.license, weights_license=model.weights_license, size=model.size
    )
