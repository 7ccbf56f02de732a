"""The layer on which colors are painted as hints."""

import zlib

import layers
import pixels
from gi.repository import Gimp

from photochrom_client.kit import stored
from photochrom_client.kit.undo import one_step
from photochrom_client.protocol import MAX_GUIDANCE_SIDE

NAME = stored.HINTS

FINGERPRINT = 512
"""Pixels on the long side of what `fingerprint` looks at: a brush of a hundredth of the picture is five wide."""


def layer_of(image):
    """The hints layer; None if there is none."""
    return image.get_layer_by_name(NAME)


def is_hints(item):
    """Whether `item` is a hints layer."""
    return isinstance(item, Gimp.Layer) and item.get_name() == NAME


def make(image):
    """Shows and selects the hints layer, creating it on top of all if there is none, in one undo step.

    A gray image becomes RGB in the same step: it could not hold the paint's color.
    """
    with one_step(image):
        layer = layer_of(image)
        if layer is None:
            layers.make_rgb(image)
            size = image.get_width(), image.get_height()
            layer = Gimp.Layer.new(image, NAME, *size, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
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


def has_paint(layer):
    """Whether anything is painted on a hints layer. Cheap, as `fingerprint`."""
    seen, _width, _height, depth = _seen(layer)
    return any(seen[depth - 1 :: depth])


def note_of(layer):
    """How what is painted is known, "" where nobody says."""
    parasite = layer.get_parasite(stored.KNOWN)
    return stored.note_read(bytes(parasite.get_data()) if parasite is not None else None)


def keep_note(layer, note):
    """Keeps that with the layer, in the file too."""
    layers.attach(layer, stored.KNOWN, stored.note_written(note))


def fingerprint(image):
    """Differs when what is painted differs. Cheap: from the picture that GIMP keeps for its Layers dialog."""
    layer = layer_of(image)
    if layer is None:
        return None
    _found, x, y = layer.get_offsets()
    seen, *size = _seen(layer)
    return x, y, size, zlib.crc32(seen)


def _seen(layer):
    """A small picture of it: bytes, width, height, bytes a pixel."""
    seen, width, height, depth = layer.get_thumbnail_data(FINGERPRINT, FINGERPRINT)
    return bytes(seen.get_data()), width, height, depth


def are_selected(image):
    """Whether the user is painting hints."""
    return any(map(is_hints, image.get_selected_layers()))


def put_away(image):
    """Hides the hints: they are no part of the picture. “Hints Layer” shows them again."""
    layer = layer_of(image)
    if layer is not None:
        layer.set_visible(False)
