"""The settings that are chosen with sliders. Knows nothing of Krita."""

from typing import NamedTuple

from .photochrom_client import translated as _
from .photochrom_client.settings import RANGES


class Scale(NamedTuple):
    """A slider for `field` of the settings, shown as per cent."""

    field: str
    label: str
    help: str

    @property
    def least(self):
        return RANGES[self.field][0]

    @property
    def most(self):
        return RANGES[self.field][1]


SCALES = (
    Scale("chroma", _("Strength"), _("Strength of the colors: 0 % gray, 100 % as predicted")),
    Scale("warmth", _("Warmth"), _("Below 0 colder, above 0 warmer")),
    Scale("neutrals", _("Protect neutrals"), _("How much of what is almost gray stays gray: suits, hair, snow")),
    Scale("harmonize", _("Harmonize objects"), _("How far each object is drawn to one color; 0 % is off")),
)
