"""Parameters of the procedures, and their meaning as settings."""

import coloring
import layers
import pixels
from gimpfu_compat.parameters import COLOR, FLOAT, INT32, STRING

from photochrom_client import translated as _
from photochrom_client.kit.guidance import shown_by
from photochrom_client.kit.texts import ORIGINAL, STYLE
from photochrom_client.kit.unsuitable import OUTSIDE, Unsuitable
from photochrom_client.prompt import Prompt
from photochrom_client.protocol import ORIGINALS
from photochrom_client.settings import SELECTED, Object, Settings

ADJUSTMENTS = (
    (FLOAT, "chroma", _("Strength of the colors: 0 gray, 1 as predicted")),
    (FLOAT, "harmonize", _("How far each object is drawn to one color: 0 is off")),
    (FLOAT, "warmth", _("-1 cold, 1 warm")),
    (FLOAT, "neutrals", _("How much of what is almost gray stays gray: suits, hair, snow")),
    (INT32, "keep-tint", _("Lays the colors over the tint of the layer, such as sepia")),
)
"""What can be changed afterwards without another prediction."""

NOTE = (
    *(INT32, "note"),
    _("Note in the image's me_tadata that its colors were made by an algorithm").replace("_", ""),
)

SETTINGS = (
    (STRING, "colorizer", _("Colorizer to use: auto, or a name that the engine lists")),
    (
        STRING,
        "segmenter",
        _("Segmenter that outlines the objects: a name that the engine lists; empty: the best installed"),
    ),
    (STRING, "style", f"vivid, calm. {STYLE}"),
    *ADJUSTMENTS,
    (FLOAT, "reach", _("How far painted hints spread beyond the objects they are on: 0 not at all, 1 without bounds")),
    (STRING, "original", f"{', '.join(ORIGINALS)}. {ORIGINAL}"),
    (STRING, "output", f"color-layer, normal-layer. {_('Contents of the new layer')}"),
    NOTE,
)

FOLLOWING = (
    (STRING, "reference", _("Reference picture")),
    (STRING, "follow", f"palette, regions. {_('How the reference picture is followed')}"),
    *SETTINGS,
)

FILE = (
    (STRING, "file", _("File to write: .ora for Krita, .psd for Photoshop, .tif for an archive")),
    NOTE,
)

CHOICE = (
    (
        *(STRING, "choice"),
        _(
            "Comma-separated: 0 for the main answer, 1 to 9 for others of the colorizer, names of "
            "colorizers, calm, vivid, muted, strong"
        ),
    ),
)

RECOLORING = (
    (INT32, "x", _("A pixel of the image that is on the object")),
    (INT32, "y", _("A pixel of the image that is on the object")),
    (
        *(INT32, "use-selection"),
        _("Recolors the object that the selection roughly surrounds, instead of the one at x and y"),
    ),
    (
        *(INT32, "most-probable"),
        _("Uses the color that the colorizer finds most probable, instead of the given one"),
    ),
    (COLOR, "color", _("The object's new color")),
    (
        *(STRING, "prompt"),
        _("Clicks on the object and off it, a box and a size, as JSON (docs/protocol.md), instead of x and y"),
    ),
    (INT32, "select-only", _("Makes the object the image's selection, instead of recoloring it")),
)


def settings(given, source):
    """The `Settings` for a layer, and whether a note is wanted, of the values of `SETTINGS`. Raises `Unsuitable` for a
    value that is not possible."""
    values = _named(SETTINGS, given)
    note = values.pop("note")
    return _checked(Settings(**_with_tint(values, source))), bool(note)


def following(given, source):
    """The same of the values of `FOLLOWING`."""
    path, follow, *rest = given
    wanted, note = settings(rest, source)
    return _checked(wanted._replace(reference=follow or "", reference_file=path or "")), note


def adjusted(made_with, given, source):
    """The settings `made_with`, with the values of `ADJUSTMENTS`. Raises `Unsuitable`."""
    return _checked(made_with._replace(**_with_tint(_named(ADJUSTMENTS, given), source)))


def recoloring(given, source):
    """The `Settings` for a layer, and whether the object is only to be selected, of the values of `RECOLORING`. Raises
    `Unsuitable` for a point outside."""
    values = _named(RECOLORING, given)
    if values["use-selection"]:
        wanted: Object = SELECTED
    elif values["prompt"]:
        wanted = shown_by(values["prompt"])
    else:
        left, top = source.offsets
        x, y = (values["x"] - left + 0.5) / source.width, (values["y"] - top + 0.5) / source.height
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise Unsuitable(OUTSIDE)
        wanted = Prompt().clicked(x, y)
    color = None if values["most-probable"] else pixels.ab_of([float(each) for each in values["color"].channels[:3]])
    settings = Settings(object=wanted, color=color, original=layers.original_of(source))
    return settings, bool(values["select-only"])


def _named(definitions, given):
    return {name: value for (_type, name, _what), value in zip(definitions, given, strict=True)}


def _with_tint(values, source):
    kept = values.pop("keep-tint")
    return {
        **{name: value or "" if isinstance(value, str | None) else value for name, value in values.items()},
        "tint": coloring.paper_tint(source) if kept else (0.0, 0.0),
    }


def _checked(wanted):
    possible = Settings.from_dict(wanted.to_dict())
    for name, value in wanted._asdict().items():
        if getattr(possible, name) != value:
            raise Unsuitable(_("{value} is no possible value of {name}.").format(value=value, name=name))
    return wanted
