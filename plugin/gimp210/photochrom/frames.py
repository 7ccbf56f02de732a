"""Whether layers are still what was sent, when what was made for them comes back."""

from contextlib import contextmanager

import layers
from gimpfu_compat.pixels import read

from photochrom_client.kit.frame import Frame

RGBA = "R'G'B'A u8"


@contextmanager
def unchanged(image, *some):
    """Raises `Unsuitable` where these layers are no longer in the image at the context's end, or were cropped, scaled,
    turned or converted. That explains an error in it, too. They may have been moved or retouched."""
    before = [_frame_of(image, layer) for layer in some]
    try:
        yield
    finally:
        for layer, frame in zip(some, before, strict=True):
            layers.check_there(layer)
            layer.flush()  # else its pixels are read as they were
            _frame_of(image, layer).check(frame)


def _frame_of(image, layer):
    form = image.base_type, image.precision, layers.profile_of(image)
    return Frame.of((layer.width, layer.height), form, lambda x, y: bytes(read(layer, RGBA, x, y, 1, 1)))
