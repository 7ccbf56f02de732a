"""Where the colorizer is unsure: as a layer, and as a selection to paint hints in."""

import coloring
import frames
import guidance
import known
import layers
import pixels
from gi.repository import Gimp

from photochrom_client.kit.progress import stage
from photochrom_client.kit.texts import ours, uncertainty
from photochrom_client.kit.undo import one_step

OPACITY = 50.0


def show(image, source, settings):
    """Adds the heat map above the photograph, scaled to it, instead of an earlier one, in one undo step, and returns
    it. What is selected stays so: the next tool is for the photograph, not for the map."""
    where = known.where(image, source)
    heat = _ask(image, source, settings, where, lambda job: job.doubt())
    with one_step(image):
        layers.make_rgb(image)
        selected = image.get_selected_layers()
        for earlier in list(layers.heat_of(image, source)):
            image.remove_layer(earlier)
        layer = _layer(
            image, source, ours(uncertainty(where is not None)), heat.width, heat.height, "R'G'B'A u8", heat.rgb
        )
        layer.set_opacity(OPACITY)
        layers.mark_heat(layer, source)
        image.set_selected_layers([each for each in selected if each.is_valid()] or [source])
    Gimp.displays_flush()
    return layer


def select(image, source, settings):
    """Selects where a hint helps most, beside what is selected already, in one undo step."""
    first = _ask(image, source, settings, known.where(image, source), lambda job: job.paint_first())
    rgba = bytearray(4 * len(first.data))
    rgba[3::4] = first.data
    with one_step(image):
        layer = _layer(image, source, "Photochrom", first.width, first.height, "R'G'B'A u8", bytes(rgba))
        image.select_item(Gimp.ChannelOps.ADD, layer)
        image.remove_layer(layer)
    Gimp.displays_flush()


def _ask(image, source, settings, where, what):
    Gimp.progress_init("Photochrom")
    try:
        with frames.unchanged(image, source), coloring.sent(image, source, coloring.show) as layer:
            wish = settings._replace(variant=0, object=None, color=None)
            guidance.collect(image, source, [wish]).send(layer)
            if where is not None:
                where.send(layer)
            return what(layer.colorize(wish.options(), stage(0.25, 1.0, coloring.show)))
    finally:
        Gimp.progress_end()


def _layer(image, source, name, width, height, pixel_format, data):
    """A small picture as a layer that covers the source, in the image."""
    kind = Gimp.ImageType.RGBA_IMAGE if image.get_base_type() == Gimp.ImageBaseType.RGB else Gimp.ImageType.GRAYA_IMAGE
    layer = Gimp.Layer.new(image, name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
    pixels.fill(layer, pixel_format, data)
    layers.place_above(image, source, layer)
    layer.scale(source.get_width(), source.get_height(), False)
    _found, x, y = source.get_offsets()
    layer.set_offsets(x, y)
    return layer
