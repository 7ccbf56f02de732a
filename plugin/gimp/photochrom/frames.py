"""Whether layers are still what was sent, when what was made for them comes back."""

from contextlib import contextmanager

import layers
from gi.repository import Gegl

from photochrom_client.kit.frame import Frame


@contextmanager
def unchanged(image, *some):
    """Raises `Unsuitable` where these layers are no longer in the image at the context's end, or were cropped, scaled,
    turned or converted. That explains an error in it, too. They may have been moved or retouched."""
    before = [_frame_of(image, layer) for layer in some]
    try:
        yield
    finally:
        for layer, frame in zip(some, before, strict=True):
            layers.check_there(image, layer)
            _frame_of(image, layer).check(frame)


def _frame_of(image, layer):
    buffer = layer.get_buffer()

    def pixel(x, y):
        return bytes(buffer.get(Gegl.Rectangle.new(x, y, 1, 1), 1.0, None, Gegl.AbyssPolicy.NONE))

    form = image.get_base_type(), image.get_precision(), layers.profile_of(image)
    return Frame.of((layer.get_width(), layer.get_height()), form, pixel)
