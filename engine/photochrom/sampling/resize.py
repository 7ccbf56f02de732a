"""Resizing, of images that libvips streams (`shrink`, `stretch`) and of arrays (`shrunk`, `stretched`, `sized`).

Sizes are height, width, as everywhere in the engine. Down to a smaller size, each pixel is the mean of what it covers;
up to a larger one, values are interpolated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photochrom.values import Plane

if TYPE_CHECKING:
    import pyvips


def shrink(image: pyvips.Image, height: int, width: int) -> pyvips.Image:
    """Resize to exactly height × width (float), each pixel the mean of what it covers. Lazy."""
    return image.resize(width / image.width, vscale=height / image.height, kernel="linear")


def stretch(image: pyvips.Image, height: int, width: int) -> pyvips.Image:
    """Bilinear resize to exactly height × width, pixel centers aligned, borders repeated. Lazy."""
    import pyvips

    x, y = width / image.width, height / image.height
    return image.affine(
        [x, 0, 0, y],
        interpolate=pyvips.Interpolate.new("bilinear"),
        oarea=[0, 0, width, height],
        odx=(x - 1) / 2,
        ody=(y - 1) / 2,
        extend="copy",
    )


def shrunk(planes: Plane, height: int, width: int) -> Plane:
    """`shrink` for arrays: (h, w) or (h, w, n) -> (height, width) or (height, width, n)."""
    if planes.shape[:2] == (height, width):
        return np.asarray(planes, np.float32)
    return _array(shrink(as_image(planes), height, width), planes, height, width)


def stretched(planes: Plane, height: int, width: int) -> Plane:
    """`stretch` for arrays: (h, w) or (h, w, n) -> (height, width) or (height, width, n)."""
    if planes.shape[:2] == (height, width):
        return np.asarray(planes, np.float32)
    return _array(stretch(as_image(planes), height, width), planes, height, width)


def sized(planes: Plane, height: int, width: int) -> Plane:
    """(h, w) or (h, w, n) -> that size: averaged if smaller, bilinear if larger."""
    smaller = shrunk(planes, min(height, planes.shape[0]), min(width, planes.shape[1]))
    return stretched(smaller, height, width)


def as_image(planes: Plane) -> pyvips.Image:
    """(h, w) or (h, w, n) -> a float image of 1 or n bands."""
    import pyvips

    return pyvips.Image.new_from_array(np.ascontiguousarray(planes, np.float32))


def _array(image: pyvips.Image, like: Plane, height: int, width: int) -> Plane:
    # vips gives a single pixel of one band without its sides.
    return np.asarray(image.numpy(), np.float32).reshape(height, width, *like.shape[2:])
