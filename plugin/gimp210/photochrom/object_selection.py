"""An object as the image's selection, for a mask or for work with GIMP's own tools."""

import coloring
import frames
import gimp
import guidance
import layers
import pixels
from gimp import pdb
from gimpenums import CHANNEL_OP_REPLACE

from photochrom_client.kit import unsuitable
from photochrom_client.kit.progress import stage
from photochrom_client.kit.sending import ROWS
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable


def select(image, source, settings):
    """Selects the object that the settings show, instead of what was selected, in one undo step. Fails as
    `coloring.colorize` does."""
    gimp.progress_init("Photochrom")
    place = _place(image, source)
    outline = gimp.Channel(image, "Photochrom", image.width, image.height)
    try:
        with frames.unchanged(image, source), coloring.sent(image, source) as layer:
            guidance.collect(image, source, [settings]).send(layer)
            job = layer.colorize(settings.options(), stage(0.25, 0.5, coloring.show))
            strips = job.strips(ROWS, stage(0.5, 1.0, coloring.show))
            pixels.write_coverage(outline, strips, source.width, *source.offsets)
        if _place(image, source) != place:
            raise Unsuitable(unsuitable.TURNED)
    except BaseException:
        layers.discard([outline])
        raise
    pdb.gimp_progress_end()
    with one_step(image):
        # GIMP selects nothing by a channel that is not in its image.
        image.insert_channel(outline)
        pdb.gimp_image_select_item(image, CHANNEL_OP_REPLACE, outline)
        image.remove_channel(outline)
        image.active_layer = source
    gimp.displays_flush()


def _place(image, source):
    """The canvas's size, and the layer's offsets on it."""
    return image.width, image.height, *source.offsets
