"""Strength and warmth of a layer of colors as GIMP's own live filters: they stay editable, in GIMP alone, too."""

import layers
from gi.repository import Gimp

from photochrom_client import translated as _
from photochrom_client.kit.unsuitable import Unsuitable

FILTERS = (
    # Not gegl:hue-chroma: that adds the same chroma everywhere, to what is gray, too.
    ("gegl:saturation", _("Strength"), {"scale": 1.0}),
    ("gegl:color-temperature", _("Warmth"), {"original-temperature": 6500.0, "intended-temperature": 6500.0}),
)
"""Operation, name, and settings that change nothing. Of a layer in mode LCH Color they change the colors alone."""


def add(image, layer):
    """Adds those that are missing, in one undo step, and returns the layer. Raises `Unsuitable` where none is."""
    there = {each.get_operation_name() for each in layer.get_filters()}
    missing = [each for each in FILTERS if each[0] not in there]
    if not missing:
        raise Unsuitable(
            _("“{name}” has its live filters already: click on “fx” beside it in the Layers dialog.").format(
                name=layer.get_name()
            )
        )
    with layers.one_step(image):
        for operation, name, settings in missing:
            live = Gimp.DrawableFilter.new(layer, operation, name)
            for key, value in settings.items():
                live.get_config().set_property(key, value)
            live.update()
            layer.append_filter(live)
    Gimp.displays_flush()
    return layer
