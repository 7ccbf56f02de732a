"""The docker's lines about what will be colored, and whether what is colored has changed since."""

from . import document, sources
from .errors import Unsuitable
from .origins import fingerprint_of, look_of, recall
from .photochrom_client import translated as _
from .photochrom_client.kit import already_color
from .pixels import Converter
from .planes import lab_of, opaque
from .qt import QtCore, QtWidgets
from .task import Task

INTERVAL = 1000
"""Milliseconds between two looks at the document."""

CHANGED = _("The photograph has changed since its colors were made.")
CONVERTED = _("The document is no longer in Lab, so the colors have stopped following your retouching.")
REFRESH_HELP = _("Colors the photograph as it is now, with the settings of its colors. Undo takes two steps.")


class Target(QtWidgets.QWidget):
    """Looks at the document in front while it is visible, and emits `looked`; `refreshed` is emitted by its button."""

    looked = QtCore.pyqtSignal()
    refreshed = QtCore.pyqtSignal()

    def __init__(self):
        super().__init__()
        self._text = _label()
        self._stale = _label()
        self._refresh = QtWidgets.QPushButton(_("Refresh Colors"))
        self._refresh.setToolTip(REFRESH_HELP)
        self._refresh.clicked.connect(lambda _checked: self.refreshed.emit())
        self._measured = None, False
        self._measuring = None
        box = QtWidgets.QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for widget in (self._stale, self._refresh, self._text):
            box.addWidget(widget)
        self._timer = QtCore.QTimer()
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._look)
        self._say("", "")

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._timer.start()
        QtCore.QTimer.singleShot(0, self._look)  # not within the event: Krita is laying out its windows

    def hideEvent(self, event):  # noqa: N802
        super().hideEvent(event)
        self._timer.stop()

    def _look(self):
        self.look()
        self.looked.emit()

    def look(self):
        """Says what is so now."""
        now = document.active()
        if now is None:
            self._say("", "")
            return
        try:
            source = sources.photograph_of(now)
            document.check_model(now)
            sources.check_place(now, source)
        except Unsuitable as error:
            self._say(str(error), "")
            return
        said = sources.remarks(now, source, self._is_color(source))
        self._say(" ".join(said), _about(now, sources.stale_colors_of(now, source)))

    def _say(self, text, stale):
        for label, said in ((self._stale, stale), (self._text, text)):
            label.setText(said)
            label.setVisible(bool(said))
        self._refresh.setVisible(bool(stale))

    def _is_color(self, source):
        """Whether the photograph is in color already, as far as it is known: it is measured once for each look."""
        if source.colorModel() == "GRAYA":
            return False
        look = look_of(source)
        key, found = self._measured
        if self._measuring is None and look is not None and fingerprint_of(look) != key:
            self._measuring = Task(_measure(look), self._measured_as(fingerprint_of(look)), self._drop)
        return found

    def _measured_as(self, key):
        def take(found):
            self._measuring = None
            self._measured = key, found
            self.look()

        return take

    def _drop(self, _error):
        self._measuring = None


def _measure(look):
    side = already_color.SIDE
    small = look.scaled(side, side, QtCore.Qt.AspectRatioMode.KeepAspectRatio)
    with Converter() as converter:
        lab = yield from lab_of(small, converter)
    return already_color.is_color(opaque(lab))


def _about(now, stale):
    if not stale:
        return ""
    return CONVERTED if recall(now, stale[0]).live else CHANGED


def _label():
    label = QtWidgets.QLabel()
    label.setWordWrap(True)
    label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    return label
