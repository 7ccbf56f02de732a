"""Where the colorizer is unsure: as a layer, and as a selection to paint hints in."""

import coloring
import frames
import gimp
import guidance
import hints
import layers
import pixels
from gimp import pdb
from gimpenums import CHANNEL_OP_ADD, LAYER_MODE_NORMAL, RGBA_IMAGE

from photochrom_client import translated as _
from photochrom_client.kit.progress import stage
from photochrom_client.kit.texts import ours
from photochrom_client.kit.undo import one_step

OPACITY = 50.0


def show(image, source, settings):
    """Adds the heat map above the photograph, scaled to it, instead of an earlier one, in one undo step, and returns
    it. What is selected stays so: the next tool is for the photograph, not for the map."""
    heat = _ask(image, source, settings, lambda job: job.doubt())
    with one_step(image):
        layers.make_rgb(image)
        selected = image.active_layer
        for earlier in layers.heat_of(image, source):
            image.remove_layer(earlier)
        layer = _layer(image, source, ours(_("Uncertainty")), heat.width, heat.height, heat.rgb)
        layer.opacity = OPACITY
        layers.mark_heat(layer, source)
        image.active_layer = selected if selected is not None and selected.is_valid() else source
    gimp.displays_flush()
    return layer


def select(image, source, settings):
    """Selects where a hint helps most, beside what is selected already, and the hints layer to paint it on, all in one
    undo step. Returns the hints layer."""
    first = _ask(image, source, settings, lambda job: job.paint_first())
    rgba = bytearray(4 * len(first.data))
    rgba[3::4] = first.data
    with one_step(image):
        layers.make_rgb(image)
        layer = _layer(image, source, "Photochrom", first.width, first.height, bytes(rgba))
        pdb.gimp_image_select_item(image, CHANNEL_OP_ADD, layer)
        image.remove_layer(layer)
        return hints.make(image)


def _ask(image, source, settings, what):
    gimp.progress_init("Photochrom")
    with frames.unchanged(image, source), coloring.sent(image, source) as layer:
        wish = settings._replace(variant=0, object=None, color=None)
        guidance.collect(image, source, [wish]).send(layer)
        found = what(layer.colorize(wish.options(), stage(0.25, 1.0, coloring.show)))
    pdb.gimp_progress_end()
    return found


def _layer(image, source, name, width, height, data):
    """A small picture as a layer that covers the source, in the image."""
    layer = gimp.Layer(image, name, width, height, RGBA_IMAGE, 100.0, LAYER_MODE_NORMAL)
    pixels.fill(layer, "R'G'B'A u8", data)
    layers.place_above(image, source, layer)
    return layer
