"""A layer reduced for previews. Generators are steps of a `task.Task`."""

from .coloring import planes_of
from .photochrom_client.kit.preview import Reduced, scale_for
from .pixels import bounds_of, pixels_of_picture, thumbnail
from .planes import tint_of
from .qt import QtCore

OVERSAMPLED = 3
"""Krita's thumbnails sample single pixels: a larger one is smoothed down to the size that is sent."""


def reduced_picture(node):
    """A layer at the size that is sent for a preview. Raises `Unsuitable` for an empty layer."""
    bounds = bounds_of(node)
    scale = scale_for(bounds.width, bounds.height)
    width, height = max(1, round(scale * bounds.width)), max(1, round(scale * bounds.height))
    return thumbnail(node, OVERSAMPLED * width, OVERSAMPLED * height).scaled(
        width,
        height,
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    )


def reduced_of(picture, converter):
    """Steps; returns the client's `Reduced` of a picture."""
    pixels = pixels_of_picture(picture)
    lightness, _alpha = yield from planes_of(pixels, converter, lambda part: None)
    return Reduced(picture.width(), picture.height(), b"".join(lightness), None)


def with_tint(wishes, node, converter):
    """Steps; returns the `Settings` in `wishes`, with the tint of the layer's paper where that is to be measured."""
    if all(wish.tint is not None for wish in wishes):
        return wishes
    tint = yield from tint_of(reduced_picture(node), converter)
    return [wish if wish.tint is not None else wish._replace(tint=tint) for wish in wishes]
