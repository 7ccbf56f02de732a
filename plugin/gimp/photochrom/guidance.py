"""Guidance inputs: hints, a selection, a picture to follow."""

import hints
import pixels
from gi.repository import Gimp, Gio, GLib

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
    if Gimp.Selection.is_empty(image):
        raise Unsuitable(NOTHING_SELECTED)
    return pixels.over(image.get_selection(), source, MAX_GUIDANCE_SIDE, "Y float")


def reference_of(image):
    """An open image as a picture to follow."""
    return pixels.projection(image, REFERENCE_SIDE)


def read_reference(path):
    """A picture in a file. Raises `Unsuitable`."""
    if not path:
        raise Unsuitable(NO_REFERENCE)
    try:
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    except GLib.Error:
        image = None
    if image is None:
        raise Unsuitable(unreadable(path))
    try:
        return reference_of(image)
    finally:
        image.delete()
