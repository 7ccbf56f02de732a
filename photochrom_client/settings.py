"""The user's settings for one layer: as options for the engine, and as JSON in documents, profiles and the history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, Literal, NamedTuple

from .prompt import Prompt
from .protocol import (
    AB_RANGE,
    AUTO,
    CHROMA,
    HARMONIZE,
    MAX_TINT,
    MAX_VARIANT,
    NEUTRALS,
    ORIGINALS,
    REACH,
    REFERENCE_METHODS,
    STYLES,
    WARMTH,
)

RANGES = {
    "chroma": (CHROMA.least, 2.0),  # the engine takes more; a slider up to that would leave its useful half coarse
    "warmth": WARMTH[:2],
    "neutrals": NEUTRALS[:2],
    "harmonize": HARMONIZE[:2],
    "reach": REACH[:2],
}
"""Least and most of each number in `Settings`, as dialogs offer them."""

REFERENCES = ("", *REFERENCE_METHODS)
OUTPUTS = ("color-layer", "normal-layer")


SELECTED: Final = "selected"
"""The object that the layer's selection surrounds."""

Object = Prompt | Literal["selected"]


class Settings(NamedTuple):
    """`colorizer` and `segmenter` are names that the engine lists; numbers are within `RANGES`. `chroma`: factor of the
    chroma, 1 as predicted. `warmth`: -1 cold … 1 warm. `neutrals`: how much of what is almost gray stays gray. `tint`:
    (a, b) of toned paper, to which the colors are added; None for the photograph's own, to be measured first.
    `harmonize`: how far each object's colors are drawn to its mean color. `style`: "vivid" for more color, "calm" for
    the most likely colors. `reach`: how far hints reach beyond the objects they are on, 0 not at all … 1. `original`:
    what was scanned, one of `ORIGINALS`.

    `variant`: 0 for the main answer. `reference`: "" or how to follow the picture in `reference_file`, "palette" or
    "regions". `object`: None, or the only one that is recolored, in `color` (a, b), or in the most probable color if
    that is None; `note`: how its color is known, "" where nobody says. `output`: contents of GIMP's
    layer; in Krita, layers are always normal ones.
    """

    colorizer: str = AUTO
    chroma: float = CHROMA.default
    warmth: float = WARMTH.default
    neutrals: float = NEUTRALS.default
    tint: tuple[float, float] | None = (0.0, 0.0)
    harmonize: float = HARMONIZE.default
    segmenter: str = ""
    output: str = "color-layer"
    variant: int = 0
    reference: str = ""
    reference_file: str = ""
    object: Object | None = None
    color: tuple[float, float] | None = None
    style: str = STYLES[0]
    reach: float = REACH.default
    note: str = ""
    original: str = ORIGINALS[0]

    def options(self) -> dict[str, Any]:
        """Their JSON form for the engine. The tint must be known."""
        if self.tint is None:
            raise ValueError("the tint is not known")
        options: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("colorizer", "chroma", "warmth", "neutrals", "harmonize", "segmenter", "variant")
        }
        options["tint"] = list(self.tint)
        # Newer settings are sent only where they were changed: an older engine would reject them.
        if self.style != STYLES[0]:
            options["style"] = self.style
        if self.reach != REACH.default:
            options["reach"] = self.reach
        if self.original != ORIGINALS[0]:
            options["original"] = self.original
        if self.reference:
            options["reference"] = self.reference
        if self.object is not None:
            options["object"] = _object_json(self.object)
            options["color"] = None if self.color is None else list(self.color)
        return options

    def plain(self) -> Settings:
        """The same for any whole photograph, taken for a print: without variant, reference, object and note; if there
        was a tint, that of the photograph's own paper."""
        tint = None if self.tint is None or any(self.tint) else (0.0, 0.0)
        return self._replace(
            tint=tint,
            variant=0,
            reference="",
            reference_file="",
            object=None,
            color=None,
            note="",
            original=ORIGINALS[0],
        )

    def to_dict(self) -> dict[str, Any]:
        """As `from_dict` reads them."""
        return {**self._asdict(), "object": _object_json(self.object)}

    def to_json(self) -> str:
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Reads what `to_json` wrote, also in another version or editor; see `from_dict`. Raises ValueError for
        anything else."""
        stored = json.loads(text)
        if not isinstance(stored, dict):
            raise ValueError("no settings")
        return cls.from_dict(stored)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Settings:
        """Missing or invalid values become defaults, values out of range their limit; unknown keys are ignored."""
        values: dict[str, Any] = {}
        for name in ("colorizer", "segmenter", "reference_file", "note"):
            if isinstance(stored.get(name), str):
                values[name] = stored[name]
        for name, (least, most) in RANGES.items():
            number = _number(stored.get(name))
            if number is not None:
                values[name] = min(most, max(least, number))
        for name, known in (("output", OUTPUTS), ("reference", REFERENCES), ("style", STYLES), ("original", ORIGINALS)):
            if stored.get(name) in known:
                values[name] = stored[name]
        variant = stored.get("variant")
        if type(variant) is int:
            values["variant"] = min(MAX_VARIANT, max(0, variant))
        if "tint" in stored:
            values["tint"] = None if stored["tint"] is None else _limited(_pair(stored["tint"]) or (0.0, 0.0), MAX_TINT)
        values["object"] = _object(stored.get("object"))
        if values["object"] is not None:
            color = _pair(stored.get("color"))
            least, most = AB_RANGE
            values["color"] = color if color is not None and all(least <= each <= most for each in color) else None
        return cls(**values)


def _object_json(chosen: Object | None) -> dict[str, Any] | None:
    """The JSON form that the engine takes, and that documents keep."""
    if isinstance(chosen, Prompt):
        return chosen.to_json()
    return {"selection": True} if chosen == SELECTED else None


def _object(stored: Any) -> Object | None:
    return SELECTED if stored == {"selection": True} else Prompt.from_json(stored)


def _pair(stored: Any) -> tuple[float, float] | None:
    """Two finite numbers; None for anything else."""
    if not isinstance(stored, (list, tuple)) or len(stored) != 2:
        return None
    a, b = map(_number, stored)
    return None if a is None or b is None else (a, b)


def _limited(pair: tuple[float, float], most: float) -> tuple[float, float]:
    a, b = (max(-most, min(most, each)) for each in pair)
    return a, b


def _number(stored: Any) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(stored, bool) or not isinstance(stored, (int, float)):
        return None
    try:
        return float(stored) if isfinite(stored) else None
    except OverflowError:  # an int that no float can hold
        return None
