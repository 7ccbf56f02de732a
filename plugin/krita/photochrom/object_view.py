"""The picture in which an object is shown by clicks and boxes, with the object's outline."""

from .photochrom_client import translated as _
from .photochrom_client.kit.outline import outline
from .planes import grays
from .qt import QtCore, QtGui, QtWidgets, x_of, y_of

DRAGGED = 6
"""Pixels that the mouse moves with its button held before it drags a box: a click may slip a little."""

IGNORE = QtCore.Qt.AspectRatioMode.IgnoreAspectRatio
SMOOTH = QtCore.Qt.TransformationMode.SmoothTransformation


class ObjectView(QtWidgets.QWidget):
    """Shows `picture`, as large as fits, with the objects that were kept. Emitted are, with places 0…1 across and down,
    `clicked(x, y, away)`;
    `boxed(x, y, other_x, other_y)`, two corners; and while `picking`, `picked(QColor)`. `subtracting`: the left button
    clicks away, as the right one always does."""

    clicked = QtCore.pyqtSignal(float, float, bool)
    boxed = QtCore.pyqtSignal(float, float, float, float)
    picked = QtCore.pyqtSignal(object)

    def __init__(self, picture):
        super().__init__()
        self.subtracting = self.picking = False
        self._picture = picture
        self._object = None
        self._kept = []
        self._outline = None
        """For the size that it was last shown at."""
        self._pressed = self._dragged_to = None
        self.setMinimumSize(360, 270)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)
        self.setCursor(QtCore.Qt.CursorShape.CrossCursor)
        self.setToolTip(_("Click on the object. Right click on what does not belong to it. Drag a box."))

    def show_object(self, picture):
        """Takes a `QImage` of the object, whose alpha is the object; None for none."""
        self._object, self._outline = picture, None
        self.update()

    def keep_object(self):
        """Goes on showing the object, without its outline, beside the next one."""
        self._kept.append(self._object)
        self.show_object(None)

    def show_picture(self, picture):
        """Takes another `QImage` of the same part of the document."""
        self._picture = picture
        self.update()

    def sizeHint(self):  # noqa: N802  (Qt's name)
        return QtCore.QSize(560, 420)

    def resizeEvent(self, event):  # noqa: N802
        super().resizeEvent(event)
        self._outline = None

    def paintEvent(self, _event):  # noqa: N802
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        for picture in (self._picture, *self._kept):
            painter.drawImage(place, picture)
        if self._object is not None:
            painter.drawImage(place, self._object)
            if self._outline is None:
                self._outline = self._traced(place.size())
            painter.drawImage(place.topLeft(), self._outline)
        if self._dragged_to is not None:
            painter.setPen(QtGui.QPen(QtCore.Qt.GlobalColor.white, 1, QtCore.Qt.PenStyle.DashLine))
            painter.drawRect(QtCore.QRectF(self._pressed, self._dragged_to).normalized())
        painter.end()

    def mousePressEvent(self, event):  # noqa: N802
        at = QtCore.QPointF(x_of(event), y_of(event))
        if not self._place().contains(at.toPoint()):
            return
        if event.button() == QtCore.Qt.MouseButton.RightButton:
            self.clicked.emit(*self._share(at), True)
        elif self.picking:
            self.picked.emit(self._color(at))
        elif event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._pressed = at

    def mouseMoveEvent(self, event):  # noqa: N802
        at = QtCore.QPointF(x_of(event), y_of(event))
        if self._pressed is not None:
            moved = at - self._pressed
            self._dragged_to = at if max(abs(moved.x()), abs(moved.y())) > DRAGGED else None
            self.update()

    def mouseReleaseEvent(self, event):  # noqa: N802
        pressed, self._pressed, self._dragged_to = self._pressed, None, None
        self.update()
        if pressed is None or event.button() != QtCore.Qt.MouseButton.LeftButton:
            return
        at = QtCore.QPointF(x_of(event), y_of(event))
        corner, other = self._share(pressed), self._share(at)
        dragged = min(abs(at.x() - pressed.x()), abs(at.y() - pressed.y())) > DRAGGED
        if dragged and corner[0] != other[0] and corner[1] != other[1]:
            self.boxed.emit(*corner, *other)
        else:
            self.clicked.emit(*corner, self.subtracting)

    def _traced(self, size):
        """The outline as a `QImage` of this size."""
        mask = self._object.scaled(size, IGNORE, SMOOTH).convertToFormat(QtGui.QImage.Format.Format_Alpha8)
        traced = QtGui.QImage(size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
        traced.fill(QtCore.Qt.GlobalColor.transparent)
        light, dark = QtGui.QColor("white"), QtGui.QColor("black")
        for x, y, is_light in outline(size.width(), size.height(), b"".join(grays(mask))):
            traced.setPixelColor(x, y, light if is_light else dark)
        return traced

    def _color(self, at):
        x, y = self._share(at)
        column, row = int(x * self._picture.width()), int(y * self._picture.height())
        return self._picture.pixelColor(min(column, self._picture.width() - 1), min(row, self._picture.height() - 1))

    def _share(self, at):
        place = self._place()
        x, y = (at.x() - place.x()) / max(1, place.width()), (at.y() - place.y()) / max(1, place.height())
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _place(self):
        """Where the picture is: as large as fits, in the middle."""
        size = self._picture.size().scaled(self.size(), QtCore.Qt.AspectRatioMode.KeepAspectRatio)
        return QtCore.QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )
