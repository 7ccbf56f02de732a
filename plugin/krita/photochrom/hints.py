"""The layer on which colors are painted as hints."""

from .origins import recall, remember
from .photochrom_client.protocol import MAX_GUIDANCE_SIDE
from .planes import lab_of
from .qt import QtCore, QtGui
from .sources import HINTS, layers_of

FINEST = 1 << 21
"""Most pixels of paint that are read; a larger area is read reduced."""

FINGERPRINT = 512
"""Pixels a side of the thumbnail that tells whether something was painted: some 10 ms of the windows' time."""


def layer_of(now):
    """The hints layer; None if there is none."""
    return next((node for node in layers_of(now.rootNode()) if node.name() == HINTS), None)


def make(now, source, settings):
    """Shows and returns the hints layer of `source`; creates it on top of all, in one undo step, if there is none.

    The document must not be gray: it could not hold the paint's color.
    """
    layer = layer_of(now)
    if layer is None:
        layer = now.createNode(HINTS, "paintlayer")
        now.rootNode().addChildNode(layer, None)
    layer.setVisible(True)
    before = recall(now, layer)
    remember(now, layer, source, settings._replace(note=before.settings.note if before is not None else ""))
    return layer


def put_away(now):
    """Hides the hints: they are no part of the picture."""
    layer = layer_of(now)
    if layer is not None and layer.visible():
        layer.setVisible(False)
        now.refreshProjection()


def fingerprint(now):
    """A value that differs when other hints are painted; None where there are none."""
    layer = layer_of(now)
    if layer is None or layer.bounds().isEmpty():
        return None
    bounds = layer.bounds()
    return bounds, layer.thumbnail(min(FINGERPRINT, bounds.width()), min(FINGERPRINT, bounds.height()))


def painted(now, rectangle, converter):
    """Steps of a `task.Task`; returns the paint over `rectangle` as (width, height, "CIE Lab alpha float"), None where
    there is none."""
    layer = layer_of(now)
    over = QtCore.QRect(*rectangle)
    bounds = None if layer is None else layer.bounds()
    if bounds is None or not bounds.intersects(over):
        return None
    scale = min(1.0, MAX_GUIDANCE_SIDE / max(rectangle.width, rectangle.height))
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
