"""The last results, whose settings can be reused. Knows nothing of Krita."""

import threading

from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets


class HistoryMenu(QtWidgets.QPushButton):
    """A button with a menu of the `history`; `chosen` has the `Settings` of the entry that the user picks."""

    chosen = QtCore.pyqtSignal(object)
    _read = QtCore.pyqtSignal(list)

    def __init__(self, history):
        super().__init__(_("Earlier results…"))
        self.setToolTip(_("Reuses the settings of an earlier result"))
        self._history = history
        self._menu = QtWidgets.QMenu(self)
        self._read.connect(self._show)  # emitted on another thread
        self.clicked.connect(self._look)

    def _look(self):
        def read():
            self._read.emit(self._history.entries_of_wholes())

        # The profile may be on a slow disk.
        threading.Thread(target=read, name="photochrom-history", daemon=True).start()

    def _show(self, entries):
        self._menu.clear()
        for entry in entries:
            action = self._menu.addAction(entry.title.replace("&", "&&"))
            action.triggered.connect(lambda _checked, settings=entry.settings: self.chosen.emit(settings))
        if not entries:
            self._menu.addAction(_("There are none yet.")).setEnabled(False)
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
