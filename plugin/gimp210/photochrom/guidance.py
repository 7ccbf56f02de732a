"""Guidance inputs: hints, a selection, a picture to follow."""

import gimp
import hints
import pixels
from gimp import pdb
from gimpfu_compat.errors import error
from gimpfu_compat.pixels import reduced

from photochrom_client.kit.guidance import (
    NO_REFERENCE,
    NOTHING_SELECTED,
    Guidance,
    followed,
    needs_selection,
    unreadable,
)
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.protocol import MAX_GUIDANCE_SIDE, REFERENCE_SIDE


def collect(image, source, wishes, reference=None):
    """The `Guidance` for the `Settings` in `wishes`. `reference`: the picture to follow; without it the one in the
    settings' file is read. Raises `Unsuitable`."""
    selection = selection_over(image, source) if needs_selection(wishes) else None
    return Guidance(hints.painted(image, source), selection, followed(wishes, reference, read_reference))


def selection_over(image, source):
    """The selection over the layer `source`, float32 0…1. Raises `Unsuitable` if there is none."""
    if pdb.gimp_selection_is_empty(image):
        raise Unsuitable(NOTHING_SELECTED)
    return pixels.over(image.selection, source, MAX_GUIDANCE_SIDE, "Y float")


def reference_of(image):
    """An open image as a picture to follow."""
    aside = image.duplicate()
    try:
        layer = aside.flatten()
        return reduced(layer, "CIE Lab float", min(1.0, REFERENCE_SIDE / max(layer.width, layer.height)))
    finally:
        gimp.delete(aside)


def read_reference(path):
    """A picture in a file. Raises `Unsuitable`."""
    if not path:
        raise Unsuitable(NO_REFERENCE)
    try:
        image = pdb.gimp_file_load(path, path)
    except error as failure:
        raise Unsuitable(unreadable(path)) from failure
    try:
        return reference_of(image)
    finally:
        gimp.delete(image)
