"""The settings that are chosen with sliders. Knows nothing of Krita."""

from typing import NamedTuple

from .photochrom_client import translated as _
from .photochrom_client.settings import RANGES


class Slider(NamedTuple):
    """A slider for `field` of the settings, shown in percent."""

    field: str
    label: str
    help: str

    @property
    def least(self):
        return RANGES[self.field][0]

    @property
    def most(self):
        return RANGES[self.field][1]


SLIDERS = (
    Slider("chroma", _("Strength"), _("Strength of the colors: 0 % gray, 100 % as predicted")),
    Slider("warmth", _("Warmth"), _("Below 0 colder, above 0 warmer")),
    Slider("neutrals", _("Protect neutrals"), _("How much of what is almost gray stays gray: suits, hair, snow")),
    Slider("harmonize", _("Even out object colors"), _("How far each object is drawn to one color; 0 % is off")),
    Slider(
        "reach",
        _("Hint reach"),
        _("How far painted hints spread beyond the objects they are on: 0 % not at all, 100 % without bounds"),
    ),
)
