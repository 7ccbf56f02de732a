"""The dialog that gives one object another color: the object is pointed at in the docker's preview, or selected."""

from . import document
from .photochrom_client import translated as _
from .qt import QtCore, QtGui, QtWidgets
from .tool_dialog import ToolDialog

SWATCH = 28
COLUMNS = 8


class RecolorDialog(ToolDialog):
    """For an object of the layer `source`. `changed` when another object or color was chosen (`object` and `color` as
    in `Settings`), `given` when that is to be done."""

    changed = QtCore.pyqtSignal()

    def __init__(self, parent, source, has_selection):
        text = _("Click on the object in the docker's preview.")
        super().__init__(parent, _("Photochrom: recolor an object"), text, _("Apply"))
        self.source = source
        self.object = {"selection": True} if has_selection else None
        self.color = None
        """None: the most probable."""
        self._suggested = []
        self._selected = QtWidgets.QPushButton(_("Take the selected object"))
        self._selected.clicked.connect(lambda: self._take({"selection": True}))
        self._swatches = QtWidgets.QGridLayout()
        self._foreground = QtWidgets.QPushButton(_("Krita's foreground color"))
        self._foreground.clicked.connect(lambda: self._choose(document.ab_of(document.foreground())))
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

    def hear(self, text):
        """What the engine says meanwhile."""
        self._status.setText(text)

    def fail(self, text):
        self._status.setText(text)
        self._give.setEnabled(False)

    def _take(self, found):
        self.object = found
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
        box.addWidget(QtWidgets.QLabel(_("Colors that suit it, the most probable first:")))
        box.addLayout(self._swatches)
        box.addWidget(self._foreground)
        box.addLayout(self._buttons())
