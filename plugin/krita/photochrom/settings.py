"""What can be chosen. Knows nothing of Krita."""

import json
from typing import NamedTuple

AUTO = "auto"


class Settings(NamedTuple):
    """What is asked of the engine: the names and the ranges are those of its options, one line an option."""

    colorizer: str = AUTO
    chroma: float = 1.0
    warmth: float = 0.0
    neutrals: float = 0.0
    harmonise: float = 0.0
    segmenter: str = ""

    def wish(self):
        """The engine's options."""
        return self._asdict()

    def written(self):
        return json.dumps(self.wish())


class Scale(NamedTuple):
    """A slider: `field` of the settings from `least` to `most`, shown as per cent."""

    field: str
    label: str
    least: float
    most: float
    help: str


SCALES = (
    Scale("chroma", "Strength", 0.0, 2.0, "Strength of the colours: 0 % gray, 100 % as predicted"),
    Scale("warmth", "Warmth", -1.0, 1.0, "Below 0 colder, above 0 warmer"),
    Scale("neutrals", "Protect neutrals", 0.0, 1.0, "How much of what is almost gray stays gray: suits, hair, snow"),
    Scale("harmonise", "Harmonise objects", 0.0, 1.0, "How far each object is drawn to one colour; 0 % is off"),
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
    for scale in SCALES:
        if scale.field in fits:
            fits[scale.field] = min(scale.most, max(scale.least, fits[scale.field]))
    return Settings(**fits)
