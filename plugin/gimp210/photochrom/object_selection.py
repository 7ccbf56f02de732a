"""An object as the image's selection, for a mask or for work with GIMP's own tools."""

import coloring
import gimp
import guidance
import layers
import pixels
from gimp import pdb
from gimpenums import CHANNEL_OP_REPLACE

from photochrom_client.kit.progress import stage
from photochrom_client.kit.sending import ROWS
from photochrom_client.kit.undo import one_step


def select(image, source, settings):
    """Selects the object that the settings show, instead of what was selected, in one undo step. Fails as
    `coloring.colorize` does."""
    gimp.progress_init("Photochrom")
    outline = gimp.Channel(image, "Photochrom", image.width, image.height)
    try:
        with coloring.sent(image, source) as layer:
            guidance.collect(image, source, [settings]).send(layer)
            job = layer.colorize(settings.options(), stage(0.25, 0.5, coloring.show))
            strips = job.strips(ROWS, stage(0.5, 1.0, coloring.show))
            pixels.write_coverage(outline, strips, source.width, *source.offsets)
        layers.check_there(source)
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
