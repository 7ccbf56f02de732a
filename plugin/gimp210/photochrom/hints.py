"""The layer on which colors are painted as hints."""

import zlib

import gimp
import layers
import pixels
from gimp import pdb
from gimpenums import LAYER_MODE_NORMAL, RGBA_IMAGE

from photochrom_client.kit import stored
from photochrom_client.kit.undo import one_step
from photochrom_client.protocol import MAX_GUIDANCE_SIDE

NAME = stored.HINTS

FINGERPRINT = 512
"""Pixels on the long side of what `fingerprint` looks at: a brush of a hundredth of the picture is five wide."""


def layer_of(image):
    """The hints layer; None if there is none."""
    return pdb.gimp_image_get_layer_by_name(image, NAME)


def is_hints(item):
    """Whether `item` is the hints layer."""
    return item is not None and item.is_layer and item.name == NAME


def make(image):
    """Shows and selects the hints layer, creating it on top of all if there is none, in one undo step.

    A gray image becomes RGB in the same step: it could not hold the paint's color.
    """
    with one_step(image):
        layer = layer_of(image)
        if layer is None:
            layers.make_rgb(image)
            layer = gimp.Layer(image, NAME, image.width, image.height, RGBA_IMAGE, 100.0, LAYER_MODE_NORMAL)
            image.insert_layer(layer, None, 0)  # transparent, as all new layers
        layer.visible = True
        image.active_layer = layer
    gimp.displays_flush()
    return layer


def painted(image, source):
    """The paint over `source` as (width, height, "CIE Lab alpha float"); None where there is none."""
    layer = layer_of(image)
    if layer is None or layer.is_group or layer == source:
        return None
    paint = pixels.over(layer, source, MAX_GUIDANCE_SIDE, pixels.LAB_ALPHA)
    return paint if any(memoryview(paint[2]).cast("f")[3::4]) else None


def fingerprint(image):
    """Differs when what is painted differs. Cheap: from the picture that GIMP keeps for its Layers dialog."""
    layer = layer_of(image)
    if layer is None:
        return None
    *size, samples = pixels.thumbnail(layer, FINGERPRINT, FINGERPRINT)
    return layer.offsets, size, zlib.crc32(samples)


def put_away(image):
    """Hides the hints: they are no part of the picture. “Hints Layer” shows them again."""
    layer = layer_of(image)
    if layer is not None:
        layer.visible = False
