"""What can be chosen. Knows nothing of Krita."""

import json
from math import isfinite
from typing import NamedTuple

from .photochrom_client import translated as _

AUTO = "auto"
MOST_VARIANT = 9
REFERENCES = ("", "palette", "regions")


class Settings(NamedTuple):
    """What is asked of the engine: the names and the ranges are those of its options, one line an option.

    `variant`: 0 the main answer. `reference`: "" or how the picture in `reference_file` is followed, "palette" or
    "regions". `object`: None, {"x": 0…1, "y": 0…1} or {"selection": True}, in `colour` (a, b), None the most probable.
    """

    colorizer: str = AUTO
    chroma: float = 1.0
    warmth: float = 0.0
    neutrals: float = 0.0
    harmonise: float = 0.0
    segmenter: str = ""
    variant: int = 0
    reference: str = ""
    reference_file: str = ""
    object: dict | None = None
    colour: tuple | None = None

    def wish(self):
        """The engine's options."""
        options = self._asdict()
        del options["reference_file"]
        if self.object is None:
            del options["object"], options["colour"]
        elif self.colour is not None:
            options["colour"] = list(self.colour)
        return options

    def written(self):
        return json.dumps(self._asdict())

    def plain(self):
        """The same for all of the photograph, as predicted: what the docker's controls show."""
        return self._replace(variant=0, reference="", reference_file="", object=None, colour=None)


class Scale(NamedTuple):
    """A slider: `field` of the settings from `least` to `most`, shown as per cent."""

    field: str
    label: str
    least: float
    most: float
    help: str


SCALES = (
    Scale("chroma", _("Strength"), 0.0, 2.0, _("Strength of the colours: 0 % gray, 100 % as predicted")),
    Scale("warmth", _("Warmth"), -1.0, 1.0, _("Below 0 colder, above 0 warmer")),
    Scale(
        "neutrals", _("Protect neutrals"), 0.0, 1.0, _("How much of what is almost gray stays gray: suits, hair, snow")
    ),
    Scale("harmonise", _("Harmonise objects"), 0.0, 1.0, _("How far each object is drawn to one colour; 0 % is off")),
)


def read(text):
    """Settings from what `Settings.written` gave; the default from anything else."""
    try:
        said = json.loads(text)
    except ValueError:
        return Settings()
    return fitting(said) if isinstance(said, dict) else Settings()


def fitting(said):
    """Settings from a dict; what is missing or makes no sense is as in the default."""
    fits = {}
    for field, default in Settings()._asdict().items():
        value = said.get(field)
        if isinstance(default, str) and isinstance(value, str):
            fits[field] = value
        elif isinstance(default, float) and isinstance(value, (int, float)) and not isinstance(value, bool):
            fits[field] = float(value)
    if type(said.get("variant")) is int:
        fits["variant"] = min(MOST_VARIANT, max(0, said["variant"]))
    if fits.get("reference") not in REFERENCES:
        fits.pop("reference", None)
    fits["object"] = _object(said.get("object"))
    if fits["object"] is not None:
        colour = _numbers(said.get("colour"))
        fits["colour"] = colour if colour is not None and all(-128 <= each <= 127 for each in colour) else None
    for scale in SCALES:
        if scale.field in fits:
            fits[scale.field] = min(scale.most, max(scale.least, fits[scale.field]))
    return Settings(**fits)


def _object(said):
    if said == {"selection": True}:
        return said
    place = _numbers((said.get("x"), said.get("y"))) if isinstance(said, dict) else None
    if place is None or not all(0 <= each <= 1 for each in place):
        return None
    return {"x": place[0], "y": place[1]}


def _numbers(said):
    """A pair of numbers; None for anything else."""
    if not isinstance(said, (list, tuple)) or len(said) != 2:
        return None
    if not all(isinstance(each, (int, float)) and not isinstance(each, bool) and isfinite(each) for each in said):
        return None
    return float(said[0]), float(said[1])
