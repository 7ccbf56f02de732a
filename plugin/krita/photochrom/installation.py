"""The window that says what is installed, what can be fetched, and what is out of date."""

from . import preferences
from .photochrom_client import translated as _
from .photochrom_client.kit.installation import Installation, reason
from .qt import QtCore, QtWidgets

SIZE = (520, 480)
SEEN = "installation"
"""Name of the preference that says what the window has shown."""


class InstallationWindow(QtWidgets.QDialog):
    """A window beside Krita's, which does not wait for it."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, parent, plugin_folder):
        super().__init__(parent)
        self._folder = plugin_folder
        self.setWindowTitle(_("Photochrom: Installation"))
        self.resize(*SIZE)
        self._text = QtWidgets.QLabel()
        self._text.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        scrolled = QtWidgets.QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(self._text)
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._yes, self._no = QtWidgets.QPushButton(), QtWidgets.QPushButton()
        close = QtWidgets.QPushButton(_("Close"))
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addStretch()
        for button in (self._no, self._yes, close):
            line.addWidget(button)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(scrolled)
        box.addLayout(line)
        self._installation = Installation(plugin_folder, "krita", self._told.emit, self._show)
        self._told.connect(self._installation.hear)  # emitted on other threads
        self._yes.clicked.connect(lambda _checked: self._installation.yes())
        self._no.clicked.connect(lambda _checked: self._installation.no())
        close.clicked.connect(self.close)

    def show_if_due(self):
        """At the first start, without an engine, and after an update of one part alone."""
        seen = reason(self._folder, preferences.saved(SEEN, ""))
        if seen is not None:
            preferences.save(SEEN, seen)
            self.show()

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        if not event.spontaneous():  # else it was minimized, and what it was doing goes on
            self._installation.look()

    def done(self, result):
        """Qt's: the window is closed, in whatever way."""
        self._installation.no()
        super().done(result)

    def _show(self, shown):
        if shown.text:  # during a download, what it is stays in view
            self._text.setText(shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.setText(label)
            button.setVisible(bool(label))
        self._no.setEnabled(shown.no_sensitive)
        self._bar.setVisible(shown.fraction is not None)
        self._bar.setValue(round(1000 * (shown.fraction or 0.0)))
        self._bar.setFormat(shown.message)
