"""What the dialogs of the tools have in common: a line of text, a button to accept, and Cancel."""

from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets


class ToolDialog(QtWidgets.QDialog):
    """`given` is emitted when the user accepts with the button `_give`, which is disabled until there is a choice."""

    given = QtCore.pyqtSignal()

    def __init__(self, parent, title, text, give):
        super().__init__(parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._status = QtWidgets.QLabel(text)
        self._status.setWordWrap(True)
        self._status.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._give = QtWidgets.QPushButton(give)
        self._give.setEnabled(False)
        self._give.clicked.connect(lambda _checked: self._done())

    def _done(self):
        self.given.emit()
        self.accept()

    def _buttons(self):
        """The last line of the dialog."""
        cancel = QtWidgets.QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        line = QtWidgets.QHBoxLayout()
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self._give)
        return line
