"""An object as the image's selection, for a mask or for work with GIMP's own tools."""

import coloring
import frames
import guidance
import pixels
from gi.repository import Gegl, Gimp

from photochrom_client.kit import unsuitable
from photochrom_client.kit.progress import stage
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable


def select(image, source, settings):
    """Selects the object that the settings show, instead of what was selected, in one undo step. Fails as
    `coloring.colorize` does."""
    Gimp.progress_init("Photochrom")
    width = source.get_width()
    place = _place(image, source)
    _found, left, top = source.get_offsets()
    size = image.get_width(), image.get_height()
    outline = Gimp.Channel.new(image, "Photochrom", *size, 100.0, Gegl.Color.new("white"))
    try:
        with frames.unchanged(image, source), coloring.sent(image, source, coloring.show) as layer:
            guidance.collect(image, source, [settings]).send(layer)
            job = layer.colorize(settings.options(), stage(0.25, 0.5, coloring.show))
            buffer = outline.get_buffer()
            for strip in job.strips(pixels.ROWS, stage(0.5, 1.0, coloring.show)):
                alpha = memoryview(strip.data).cast("f")[3::4].tobytes()
                buffer.set(Gegl.Rectangle.new(left, top + strip.y, width, strip.rows), "Y float", alpha)
            buffer.flush()
        if _place(image, source) != place:
            raise Unsuitable(unsuitable.TURNED)
        outline.update(0, 0, *size)
    except BaseException:
        outline.delete()
        raise
    finally:
        Gimp.progress_end()
    with one_step(image):
        # GIMP selects nothing by a channel that is not in its image.
        image.insert_channel(outline, None, 0)
        image.select_item(Gimp.ChannelOps.REPLACE, outline)
        image.remove_channel(outline)
        image.set_selected_layers([source])
    Gimp.displays_flush()


def _place(image, source):
    """The canvas's size, and the layer's offsets on it."""
    return image.get_width(), image.get_height(), *source.get_offsets()
