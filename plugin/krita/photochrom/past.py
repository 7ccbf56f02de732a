"""The last results, to take their settings over. Knows nothing of Krita."""

import threading

from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets


class Past(QtWidgets.QPushButton):
    """A button with a menu of what the `history` has; `chosen` has the `Settings` of the one that the user takes."""

    chosen = QtCore.pyqtSignal(object)
    _read = QtCore.pyqtSignal(list)

    def __init__(self, history):
        super().__init__(_("Earlier results…"))
        self.setToolTip(_("Takes the settings of an earlier result over"))
        self._history = history
        self._menu = QtWidgets.QMenu(self)
        self._read.connect(self._show)  # it comes from another thread
        self.clicked.connect(self._look)

    def _look(self):
        def read():
            self._read.emit(self._history.entries_of_wholes())

        # The profile may lie on a disk that is slow to answer.
        threading.Thread(target=read, name="photochrom-history", daemon=True).start()

    def _show(self, entries):
        self._menu.clear()
        for entry in entries:
            action = self._menu.addAction(entry.title.replace("&", "&&"))
            action.triggered.connect(lambda _checked, settings=entry.settings: self.chosen.emit(settings))
        if not entries:
            self._menu.addAction(_("There are none yet.")).setEnabled(False)
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
