"""The layer that colors are painted on, which every coloring goes by."""

from . import document
from .document import HINTS
from .planes import lab_of
from .qt import QtCore, QtGui

MOST = 1024
"""Pixels on the long side of what the engine takes."""

FINEST = 1 << 21
"""Pixels of paint that are looked at one by one; of more than that, as many are taken."""

LOOKED_AT = 512
"""Pixels a side of what is compared to see whether something was painted: some 10 ms of the windows' time."""


def layer_of(now):
    """The hints layer; None if there is none."""
    return next((node for node in document.layers_of(now.rootNode()) if node.name() == HINTS), None)


def make(now, source, settings):
    """Shows and returns the hints layer of `source`, made on top of all, in one undo step, if there is none.

    The document must be RGB: the paint needs its color.
    """
    layer = layer_of(now)
    if layer is None:
        layer = now.createNode(HINTS, "paintlayer")
        now.rootNode().addChildNode(layer, None)
    layer.setVisible(True)
    document.remember(now, layer, source, settings)
    return layer


def put_away(now):
    """Hides the hints: they are no part of the picture."""
    layer = layer_of(now)
    if layer is not None and layer.visible():
        layer.setVisible(False)
        now.refreshProjection()


def looked_at(now):
    """Something that differs when other hints are painted; None where there are none."""
    layer = layer_of(now)
    if layer is None or layer.bounds().isEmpty():
        return None
    bounds = layer.bounds()
    return bounds, layer.thumbnail(min(LOOKED_AT, bounds.width()), min(LOOKED_AT, bounds.height()))


def painted(now, rectangle, converter):
    """Yields as `Steps` wants; returns what is painted over `rectangle`, for the engine: (width, height, "CIE Lab alpha
    float"), None where there is nothing."""
    layer = layer_of(now)
    over = QtCore.QRect(*rectangle)
    bounds = None if layer is None else layer.bounds()
    if bounds is None or not bounds.intersects(over):
        return None
    scale = min(1.0, MOST / max(rectangle.width, rectangle.height))
    finest = min(1.0, (FINEST / (bounds.width() * bounds.height())) ** 0.5)
    paint = layer.thumbnail(max(1, round(finest * bounds.width())), max(1, round(finest * bounds.height())))
    picture = QtGui.QImage(
        max(1, round(scale * rectangle.width)),
        max(1, round(scale * rectangle.height)),
        QtGui.QImage.Format.Format_ARGB32_Premultiplied,
    )
    picture.fill(0)
    place = QtCore.QRectF(bounds.translated(-over.topLeft()))
    place = QtCore.QRectF(scale * place.x(), scale * place.y(), scale * place.width(), scale * place.height())
    # Smoothed here: the painter would take single pixels of what is made much smaller.
    covered = place.toAlignedRect().size()
    if covered.width() < paint.width() or covered.height() < paint.height():
        paint = paint.scaled(
            covered, QtCore.Qt.AspectRatioMode.IgnoreAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
        )
    painter = QtGui.QPainter(picture)
    painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, paint)
    painter.end()
    touched = place.toAlignedRect().intersected(picture.rect())
    lab = yield from lab_of(picture, converter, touched.top(), touched.height())
    return (picture.width(), picture.height(), lab) if any(memoryview(lab).cast("f")[3::4]) else None
