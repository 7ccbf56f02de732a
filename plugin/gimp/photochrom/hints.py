"""The layer on which colors are painted as hints."""

import layers
import pixels
from gi.repository import Gimp

from photochrom_client import translated as _
from photochrom_client.protocol import MAX_GUIDANCE_SIDE


def layer_of(image):
    """The hints layer; None if there is none."""
    return image.get_layer_by_name(layers.HINTS)


def make(image):
    """Shows and selects the hints layer, creating it on top of all if there is none, in one undo step.

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
    """The paint over `source` as (width, height, "CIE Lab alpha float"); None where there is none."""
    layer = layer_of(image)
    if layer is None or layer.is_group() or layer == source:
        return None
    paint = pixels.over(layer, source, MAX_GUIDANCE_SIDE, "CIE Lab alpha float")
    return paint if any(memoryview(paint[2]).cast("f")[3::4]) else None


def put_away(image):
    """Hides the hints: they are no part of the picture. “Hints Layer” shows them again."""
    layer = layer_of(image)
    if layer is not None:
        layer.set_visible(False)


def missing():
    """The message where there are none."""
    return _(
        "There are no hints: paint colors on the layer “{name}” first (Colors ▸ Photochrom ▸ Hints Layer)."
    ).format(name=layers.HINTS)
