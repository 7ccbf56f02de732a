"""What the user chose for one layer: to the engine as options, into documents, profiles and the history as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

from .protocol import AUTO, CHROMA, HARMONIZE, MAX_TINT, MAX_VARIANT, NEUTRALS, REACH, REFERENCE_METHODS, STYLES, WARMTH

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


class Settings(NamedTuple):
    """`colorizer` and `segmenter` are names as the engine lists them; numbers are within `RANGES`, where a `chroma` of
    1 is as predicted. `tint`: (a, b) of the paper that the colors are laid over, None that of the photograph, which is
    to be measured first. `output`: what GIMP's layer holds; Krita's is always a normal one.

    `reach`: how far painted hints reach beyond the objects they are on, 0 not at all … 1 wherever the colorizer likes.
    `style`: "vivid" dares more colors, "calm" keeps to the likely ones, where the colorizer tells them apart.
    `variant`: 0 the main answer. `reference`: "" or how the picture in `reference_file` is followed, "palette" or
    "regions". `object`: None, {"x": 0…1, "y": 0…1} or {"selection": True}, in `color` (a, b), None the most probable.
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
    object: dict[str, Any] | None = None
    color: tuple[float, float] | None = None
    style: str = STYLES[0]
    reach: float = REACH.default

    def options(self) -> dict[str, Any]:
        """The options of a job. ValueError for a tint that has not been measured."""
        if self.tint is None:
            raise ValueError("the tint has not been measured")
        options: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("colorizer", "chroma", "warmth", "neutrals", "harmonize", "segmenter", "variant")
        }
        options["tint"] = list(self.tint)
        if self.style != STYLES[0]:  # an engine that was started before this plug-in came knows none
            options["style"] = self.style
        if self.reach != REACH.default:  # likewise
            options["reach"] = self.reach
        if self.reference:
            options["reference"] = self.reference
        if self.object is not None:
            options["object"] = self.object
            options["color"] = None if self.color is None else list(self.color)
        return options

    def plain(self) -> Settings:
        """The same for the whole of any photograph: no variant, reference nor object; the tint of its own paper where
        there was one."""
        tint = None if self.tint is None or any(self.tint) else (0.0, 0.0)
        return self._replace(tint=tint, variant=0, reference="", reference_file="", object=None, color=None)

    def to_json(self) -> str:
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Reads what `to_json` wrote, in this or another version or editor; see `from_dict`. ValueError for anything
        else."""
        stored = json.loads(text)
        if not isinstance(stored, dict):
            raise ValueError("no settings")
        return cls.from_dict(stored)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Settings:
        """Missing or invalid values become the default, numbers out of range the limit; unknown names are ignored."""
        values: dict[str, Any] = {}
        for name in ("colorizer", "segmenter", "reference_file"):
            if isinstance(stored.get(name), str):
                values[name] = stored[name]
        for name, (least, most) in RANGES.items():
            if _is_number(stored.get(name)):
                values[name] = min(most, max(least, float(stored[name])))
        for name, known in (("output", OUTPUTS), ("reference", REFERENCES), ("style", STYLES)):
            if stored.get(name) in known:
                values[name] = stored[name]
        if type(stored.get("variant")) is int:
            values["variant"] = min(MAX_VARIANT, max(0, stored["variant"]))
        if "tint" in stored:
            values["tint"] = None if stored["tint"] is None else _within(_pair(stored["tint"]) or (0.0, 0.0), MAX_TINT)
        values["object"] = _object(stored.get("object"))
        if values["object"] is not None:
            color = _pair(stored.get("color"))
            values["color"] = color if color is not None and all(-128 <= each <= 127 for each in color) else None
        return cls(**values)


def _object(stored: Any) -> dict[str, Any] | None:
    if stored == {"selection": True}:
        return {"selection": True}
    place = _pair((stored.get("x"), stored.get("y"))) if isinstance(stored, dict) else None
    if place is None or not all(0 <= each <= 1 for each in place):
        return None
    return {"x": place[0], "y": place[1]}


def _pair(stored: Any) -> tuple[float, float] | None:
    """Two numbers; None for anything else."""
    if not isinstance(stored, (list, tuple)) or len(stored) != 2 or not all(map(_is_number, stored)):
        return None
    return float(stored[0]), float(stored[1])


def _within(pair: tuple[float, float], most: float) -> tuple[float, float]:
    a, b = (max(-most, min(most, each)) for each in pair)
    return a, b


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return isfinite(value)
    except OverflowError:  # an int that no float can hold
        return False
