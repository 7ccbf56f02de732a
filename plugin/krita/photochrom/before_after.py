"""A picture before, left of a line, and after, right of it, with a heat map of doubt that can be faded in. The line
follows the mouse and the arrow keys.
"""

from . import legend
from .photochrom_client import translated as _
from .qt import QtCore, QtGui, QtWidgets, x_of

STEP = 0.05


class BeforeAfter(QtWidgets.QWidget):
    """Two pictures of the same proportions; none: an empty field."""

    def __init__(self):
        super().__init__()
        self._before = None
        self._after = None
        self._doubt = None
        self._fade = 0.0
        self._line = 0.5
        self.setMinimumHeight(120)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setToolTip(_("Left of the line: before. Right of it: after. Move it with the mouse or ← →."))

    def show_before(self, picture):
        """Takes a `QImage` for both sides; None for nothing."""
        self._before = picture
        self._after = self._doubt = None
        self.updateGeometry()
        self.update()

    @property
    def after(self):
        """The picture right of the line, a `QImage`; None while there is none."""
        return self._after

    def show_after(self, picture):
        self._after = picture
        self.update()

    def show_doubt(self, picture):
        """Takes the heat map of the doubt, a `QImage` with alpha; None for none."""
        self._doubt = picture
        self.update()

    def fade_doubt(self, share):
        """Shows the doubt, 0 not at all … 1 in full."""
        self._fade = share
        self.update()

    def sizeHint(self):  # noqa: N802  (Qt's name)
        return QtCore.QSize(320, 320 if self._before is None else self.heightForWidth(320))

    def hasHeightForWidth(self):  # noqa: N802
        return self._before is not None

    def heightForWidth(self, width):  # noqa: N802
        if self._before is None:
            return self.minimumHeight()
        # As high as wide for an upright photograph: the controls must stay in sight.
        return max(self.minimumHeight(), round(width * min(1.0, self._before.height() / self._before.width())))

    def paintEvent(self, _event):  # noqa: N802
        if self._before is None:
            return
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        painter.fillRect(place, QtGui.QColor(0x99, 0x99, 0x99))
        painter.fillRect(place, QtGui.QBrush(QtGui.QColor(0x66, 0x66, 0x66), QtCore.Qt.BrushStyle.Dense4Pattern))
        at = place.x() + round(self._line * place.width())
        painter.setClipRect(QtCore.QRect(place.x(), place.y(), at - place.x(), place.height()))
        painter.drawImage(place, self._before)
        painter.setClipRect(QtCore.QRect(at, place.y(), place.right() + 1 - at, place.height()))
        painter.drawImage(place, self._before if self._after is None else self._after)
        if self._doubt is not None:
            painter.setOpacity(self._fade)
            painter.drawImage(place, self._doubt)
            painter.setOpacity(1)
        painter.setClipping(False)
        if self._doubt is not None and self._fade:
            legend.draw(painter, place)
        self._draw_line(painter, place, at)
        painter.end()

    def _draw_line(self, painter, place, at):
        painter.fillRect(
            QtCore.QRect(min(at, place.right()), place.y(), 1, place.height()), QtCore.Qt.GlobalColor.white
        )

    def mousePressEvent(self, event):  # noqa: N802
        self._point(event)

    def mouseMoveEvent(self, event):  # noqa: N802
        self._point(event)

    def keyPressEvent(self, event):  # noqa: N802
        step = {QtCore.Qt.Key.Key_Left: -STEP, QtCore.Qt.Key.Key_Right: STEP}.get(event.key())
        if step is None:
            super().keyPressEvent(event)
        else:
            self._move(self._line + step)

    def _point(self, event):
        place = self._place()
        self._move((x_of(event) - place.x()) / max(1, place.width()))

    def _move(self, line):
        self._line = min(1.0, max(0.0, line))
        self.update()

    def _place(self):
        """Where the picture is: as large as fits, in the middle."""
        if self._before is None:
            return QtCore.QRect()
        size = self._before.size().scaled(self.size(), QtCore.Qt.AspectRatioMode.KeepAspectRatio)
        return QtCore.QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )
