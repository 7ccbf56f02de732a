"""The layer that colors are painted on, which the next coloring goes by."""

import layers
import pixels
from gi.repository import Gimp

from photochrom_client import translated as _

MOST = 1024
"""Pixels on the long side of what the engine takes."""


def layer_of(image):
    """The hints layer; None if there is none."""
    return image.get_layer_by_name(layers.HINTS)


def make(image):
    """Shows and selects the hints layer, which is made on top of all if there is none, in one undo step.

    A gray image becomes RGB in the same step: it could not hold the paint's color.
    """
    with layers.one_step(image):
        layer = layer_of(image)
        if layer is None:
            layers.make_rgb(image)
            size = image.get_width(), image.get_height()
            layer = Gimp.Layer.new(image, layers.HINTS, *size, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
            image.insert_layer(layer, None, 0)  # transparent, as all new layers
        layer.set_visible(True)
        image.set_selected_layers([layer])
    Gimp.displays_flush()
    return layer


def painted(image, source):
    """What is painted over `source`, for the engine; None where there is nothing."""
    layer = layer_of(image)
    if layer is None or layer.is_group() or layer == source:
        return None
    found = pixels.over(layer, source, MOST, "CIE Lab alpha float")
    return found if any(memoryview(found[2]).cast("f")[3::4]) else None


def put_away(image):
    """Hides the hints: they are no part of the picture. Painting goes on after "Hints layer"."""
    layer = layer_of(image)
    if layer is not None:
        layer.set_visible(False)


def missing():
    """What is said where there are none."""
    return _(
        "There are no hints: paint colors on the layer “{name}” first (Colors ▸ Photochrom ▸ Hints Layer)."
    ).format(name=layers.HINTS)
