"""What the user chose for one layer: to the engine as options, into the layer and the history as JSON. Knows nothing
of GIMP."""

import json
from array import array
from typing import Any, NamedTuple

NOISE = 3.0
"""Chroma (ab units) below which a pixel counts as gray: 8-bit rounding in the darks and JPEG's own noise reach it."""

TONED = 0.1
"""Least share of a layer's pixels that must be above the noise: less is a stamp or a stain, not toned paper."""

MOST_TINT = 40.0


class Settings(NamedTuple):
    """`chroma` 0…2, 1 is as predicted; `warmth` -1…1; `neutrals` and `harmonise` 0…1; `tint` (a, b) of the paper that
    the colours are laid over; `output` is "color-layer" or "normal-layer".

    `variant`: 0 the main answer. `reference`: "" or how the picture in `reference_file` is followed, "palette" or
    "regions". `object`: None, {"x": 0…1, "y": 0…1} or {"selection": True}, in `colour` (a, b), None the most probable.
    `source`: the tattoo of the layer that was coloured, 0 unknown.
    """

    colorizer: str = "auto"
    chroma: float = 1.0
    warmth: float = 0.0
    neutrals: float = 0.0
    tint: tuple[float, float] = (0.0, 0.0)
    harmonise: float = 0.0
    segmenter: str = ""
    output: str = "color-layer"
    variant: int = 0
    reference: str = ""
    reference_file: str = ""
    object: dict[str, Any] | None = None
    colour: tuple[float, float] | None = None
    source: int = 0

    def options(self):
        """What the engine is asked for."""
        options = {
            name: getattr(self, name)
            for name in ("colorizer", "chroma", "warmth", "neutrals", "harmonise", "segmenter", "variant")
        }
        options["tint"] = list(self.tint)
        if self.reference:
            options["reference"] = self.reference
        if self.object is not None:
            options["object"] = self.object
            options["colour"] = None if self.colour is None else list(self.colour)
        return options

    def to_json(self):
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text):
        """What `to_json` gave, also by an older or a newer version: what is missing is as by default, what is unknown
        is left out. ValueError for what is none of it."""
        said = json.loads(text)
        if not isinstance(said, dict):
            raise ValueError("no settings")
        known = {name: value for name, value in said.items() if name in cls._fields}
        for pair in ("tint", "colour"):
            if known.get(pair) is not None:
                a, b = known[pair]
                known[pair] = float(a), float(b)
        return cls(**known)


def tint_of(lab):
    """The tint (a, b) of a layer, from a small copy of it in "CIE Lab float"; (0, 0) where it is gray."""
    values = memoryview(lab).cast("f")
    toned = array("d"), array("d")
    for a, b in zip(values[1::3], values[2::3], strict=True):
        if a * a + b * b > NOISE * NOISE:
            toned[0].append(a)
            toned[1].append(b)
    count = len(toned[0])
    if not count or count < TONED * len(values) / 3:
        return 0.0, 0.0
    return tuple(max(-MOST_TINT, min(MOST_TINT, sum(plane) / count)) for plane in toned)
