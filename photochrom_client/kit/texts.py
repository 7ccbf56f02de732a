"""Texts of the dialogs about the choice of a colorizer and its style.

`scores` are `Job.shares`: the largest first, empty where the engine did not choose.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..engine import Job, Model
from ..settings import Settings
from ..translation import translated as _

LEAST_SHARE = 0.05
"""Smaller shares are left out: their effect cannot be seen."""

CONVERTED = _("The image was converted to RGB, so that it can hold color. Undo takes both back.")
PAINT_HERE = _("Paint the right color anywhere within the selection, then choose “Colorize with Hints”.")
KNOWN_EXPLAINED = _(
    "For example: green: letter of 1943. The note is kept with the layer, and in the metadata of files made from this "
    "image. “Show Uncertainty” then shows the color as known, and “photochrom report” prints it."
)
NO_DOUBT = _("This colorizer cannot tell where it is unsure.")

ORIGINAL = _("What was scanned: of a negative, the colorizer sees the positive; of a faded print, stretched tones")
NOTICED = {
    "negative": _("This looks like a negative, which gets wrong colors. Color it as its positive?"),
    "faded": _("This print is faded, which makes its colors pale. Color it as with full contrast?"),
}
"""What is said of a photograph that looks scanned from something else than a print …"""
SET_RIGHT = {"negative": _("Colors of the positive"), "faded": _("Colors of full contrast")}
"""… and the button that sets it right, for the colorizer alone."""
SEEN_AS = (("print", _("Print")), ("negative", _("Negative")), ("faded", _("Faded print")))
"""The titles of `ORIGINALS`."""

STYLE = _("Vivid dares more colors; Calm keeps to the most likely ones")
STYLES = (("vivid", _("Vivid")), ("calm", _("Calm")))
"""The help on the choice between them; each with its title."""


def automatic(scores: Mapping[str, float]) -> str:
    """The automatic choice and its result: "Automatic (Portraits, 71 %)"."""
    best = next(iter(scores), None)
    if best is None:
        return _("Automatic")
    return _("Automatic ({name}, {share})").format(name=best, share=_percent(scores[best]))


def layer_name(job: Job, recolored: bool = False) -> str:
    """The name of a layer with the colors of a job, "Portraits (Photochrom)": lists of layers cut long names, so what
    tells it from others is in front."""
    return ours(_("Recolored") if recolored else job.title or next(iter(job.shares), None) or job.colorizer_title)


def ours(name: str) -> str:
    """ "Variants (Photochrom)", the same for another layer or group of ours."""
    return f"{name} (Photochrom)"


def uncertainty(known: bool) -> str:
    """What a map of uncertainty is called, which shows something `known` too or not."""
    return _("Uncertainty, green where known") if known else _("Uncertainty")


def colored_by(colorizer: str, scores: Mapping[str, float]) -> str:
    """ "Portraits 71 %, Scenes 20 %"; without scores the colorizer's name."""
    return ", ".join(f"{name} {_percent(share)}" for name, share in scores.items() if share >= LEAST_SHARE) or colorizer


def summary(settings: Settings) -> str:
    """What settings of a whole photograph differ from the usual ones in: "Calm, strength 80 %"."""
    usual = Settings()
    said = [dict(STYLES)[settings.style]]
    for name, words in (
        ("chroma", _("strength {percent}")),
        ("harmonize", _("evened out {percent}")),
        ("warmth", _("warmth {percent}")),
        ("neutrals", _("neutrals protected {percent}")),
        ("reach", _("hint reach {percent}")),
    ):
        value = getattr(settings, name)
        if value != getattr(usual, name):
            said.append(words.format(percent=_percent(value)))
    if settings.tint is None or any(settings.tint):
        said.append(_("paper's tint kept"))
    if settings.original != usual.original:
        said.append(dict(SEEN_AS)[settings.original])
    if settings.reference:
        said.append(_("like another picture"))
    if settings.variant:
        said.append(_("variant {number}").format(number=settings.variant))
    return ", ".join(said)


def becomes_rgb(is_gray: bool) -> str:
    """A note for an image that cannot hold color: it is gray, or else indexed."""
    gray = _("This image is grayscale. It becomes RGB together with the new layer: one step for Undo.")
    indexed = _("This image is indexed. It becomes RGB together with the new layer: one step for Undo.")
    return gray if is_gray else indexed


def remarks(name: str, *, is_hidden: bool, is_color: bool) -> list[str]:
    """What may surprise about the layer `name` that is to be colored, a sentence each."""
    said = []
    if is_hidden:
        said.append(_("“{name}” is hidden: its colors show on what is below it.").format(name=name))
    if is_color:
        said.append(_("“{name}” is in color already: new colors cover its own.").format(name=name))
    return said


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def license_to_accept(model: Model) -> str:
    """The question before a model is downloaded."""
    return _("{name} is licensed under {license}. {weights_license} Download size: {size}.").format(
        name=model.name, license=model.license, weights_license=model.weights_license, size=model.size
    )
