"""The dialog that recolors one object, which is clicked on in the docker's preview, or selected."""

from . import document
from .photochrom_client import translated as _
from .pixels import ab_of
from .qt import QtCore, QtGui, QtWidgets
from .tool_dialog import ToolDialog

SWATCH = 28
COLUMNS = 8


class RecolorDialog(ToolDialog):
    """For an object of the layer `source`. `changed` is emitted for another object or color (`object` and `color` as in
    `Settings`), `given` when the user accepts."""

    changed = QtCore.pyqtSignal()

    def __init__(self, parent, source, has_selection):
        text = _("Click on the object in the docker's preview.")
        super().__init__(parent, _("Photochrom: Recolor Object"), text, _("Apply"))
        self.source = source
        self.object = {"selection": True} if has_selection else None
        self.color = None
        """None for the most probable one."""
        self._suggested = []
        self._selected = QtWidgets.QPushButton(_("Use the selection"))
        self._selected.clicked.connect(lambda: self._take({"selection": True}))
        self._swatches = QtWidgets.QGridLayout()
        self._foreground = QtWidgets.QPushButton(_("Krita's foreground color"))
        self._foreground.clicked.connect(lambda: self._choose(ab_of(document.foreground())))
        self._lay_out()

    def point(self, x, y):
        """Takes the object at that place of the photograph, 0…1 each."""
        self._take({"x": x, "y": y})

    def offer(self, suggestions):
        """Offers the client's suggestions for the object."""
        self._status.setText(_("Click on another object, or choose its color."))
        self._give.setEnabled(True)
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        while self._swatches.count():
            self._swatches.takeAt(0).widget().deleteLater()
        for at, each in enumerate(suggestions):
            self._swatches.addWidget(self._swatch(each), at // COLUMNS, at % COLUMNS)

    def fail(self, text):
        """Shows why the object cannot be recolored."""
        self._status.setText(text)
        self._give.setEnabled(False)

    def _take(self, object_):
        self.object = object_
        self._choose(None)  # until another color is chosen for this object

    def _choose(self, color):
        self.color = color
        self.changed.emit()

    def _swatch(self, suggestion):
        pixmap = QtGui.QPixmap(SWATCH, SWATCH)
        pixmap.fill(QtGui.QColor.fromRgbF(*(min(1.0, max(0.0, each)) for each in suggestion.rgb)))
        button = QtWidgets.QToolButton()
        button.setIcon(QtGui.QIcon(pixmap))
        button.setIconSize(pixmap.size())
        button.setToolTip(f"{100 * suggestion.probability:.0f} %")
        button.clicked.connect(lambda: self._choose((suggestion.a, suggestion.b)))
        return button

    def _lay_out(self):
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._status)
        box.addWidget(self._selected)
        box.addWidget(QtWidgets.QLabel(_("Suggested colors, the most probable first:")))
        box.addLayout(self._swatches)
        box.addWidget(self._foreground)
        box.addLayout(self._buttons())
