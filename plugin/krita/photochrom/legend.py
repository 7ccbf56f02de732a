"""What the colors of the map of uncertainty mean."""

from .photochrom_client import translated as _
from .photochrom_client.kit.uncertainty import RAMP
from .qt import QtCore, QtGui

HEIGHT = 8
MARGIN = 4
SHADE = QtGui.QColor(0, 0, 0, 150)


def draw(painter, place):
    """Draws a bar from “sure” to “unsure” at the lower edge of a picture in `place`."""
    metrics = painter.fontMetrics()
    sure, unsure = _("sure"), _("unsure")
    line = QtCore.QRect(place.x(), place.bottom() + 1 - metrics.height(), place.width(), metrics.height())
    painter.fillRect(line, SHADE)
    painter.setPen(QtCore.Qt.GlobalColor.white)
    inside = line.adjusted(MARGIN, 0, -MARGIN, 0)
    painter.drawText(inside, QtCore.Qt.AlignmentFlag.AlignLeft, sure)
    painter.drawText(inside, QtCore.Qt.AlignmentFlag.AlignRight, unsure)
    left = inside.left() + metrics.horizontalAdvance(sure) + MARGIN
    right = inside.right() - metrics.horizontalAdvance(unsure) - MARGIN
    bar = QtCore.QRect(left, line.center().y() - HEIGHT // 2, max(0, right - left), HEIGHT)
    ramp = QtGui.QLinearGradient(QtCore.QPointF(bar.topLeft()), QtCore.QPointF(bar.topRight()))
    for at, rgb in enumerate(RAMP):
        ramp.setColorAt(at / (len(RAMP) - 1), QtGui.QColor(*rgb))
    painter.fillRect(bar, ramp)
