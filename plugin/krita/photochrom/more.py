"""The colorizers that are not installed: what each is good at, its size and licence, and how to get it."""

from .fetching import Fetcher
from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets
from .words import licence_to_accept

SIZE = (460, 420)


class MoreColorizers(QtWidgets.QDialog):
    """A window beside Krita's. `show_installed` gets the client's colorizers whenever they may have become more."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, parent, plugin_folder, show_installed):
        super().__init__(parent)
        self.setWindowTitle(_("Photochrom: more colorizers"))
        self.resize(*SIZE)
        self._show_installed = show_installed
        self._told.connect(self._hear)  # it comes from other threads
        self._fetcher = Fetcher(plugin_folder, self._told.emit)
        self._offers = {}
        self._said = _text()
        self._list = QtWidgets.QVBoxLayout()
        self._list.addStretch()
        inside = QtWidgets.QWidget()
        inside.setLayout(self._list)
        self._scrolled = QtWidgets.QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setWidget(inside)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._said)
        box.addWidget(self._scrolled)
        self._say(_("Asking the engine…"))

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._fetcher.list()

    def _hear(self, said):
        if "models" in said:
            offered = [model for model in said["models"] if model.kind == "colorizer" and not model.installed]
            self._show(sorted(offered, key=lambda model: not model.fetch))
            self._show_installed(said["colorizers"])
        elif "name" in said:
            self._offers[said["name"]].hear(said)
        else:
            self._say(str(said["error"]))

    def _show(self, models):
        """Keeps the offers of models that are still to be had as they are: one of them may be on its way."""
        names = {model.name for model in models}
        for name in [name for name in self._offers if name not in names]:
            self._offers.pop(name).deleteLater()
        for model in models:
            if model.name not in self._offers:
                self._offers[model.name] = offer = Offer(model, self._fetcher)
                self._list.insertWidget(self._list.count() - 1, offer)
        self._say("" if models else _("All colorizers that Photochrom knows are installed."))

    def _say(self, text):
        """Shows this instead of the list; nothing shows the list."""
        _show_text(self._said, text)
        self._scrolled.setVisible(not text)


class Offer(QtWidgets.QWidget):
    """One colorizer that is not installed, and how far it is on its way."""

    def __init__(self, model, fetcher):
        super().__init__()
        self._model = model
        self._fetcher = fetcher
        self._on_yes = self._on_no = None
        self._text = _text()
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._yes, self._no = QtWidgets.QPushButton(), QtWidgets.QPushButton()
        self._yes.clicked.connect(lambda: self._on_yes())  # noqa: PLW0108  (it changes)
        self._no.clicked.connect(lambda: self._on_no())  # noqa: PLW0108
        head = _text(f"<b>{model.name}</b>: {_escaped(model.good_at)}", QtCore.Qt.TextFormat.RichText)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(head)
        box.addWidget(self._text)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(_text(f"{model.size} · {model.licence}"), 1)
        line.addWidget(self._no)
        line.addWidget(self._yes)
        box.addLayout(line)
        box.addWidget(self._bar)
        if model.fetch:
            self._offer()
        else:
            self._set(_("{why_not} Then run: photochrom models import FILE").format(why_not=model.why_not))

    def hear(self, said):
        """What the fetcher tells of this model."""
        if "error" in said:
            self._offer(str(said["error"]))
        elif "cancelled" in said:
            self._offer()
        else:
            self._bar.setValue(round(1000 * said["fraction"]))
            self._bar.setFormat(said["message"])

    def _offer(self, text=""):
        self._set(text, yes=_("Get…"))
        self._on_yes = self._ask

    def _ask(self):
        self._set(licence_to_accept(self._model), yes=_("Accept and download"), no=_("Not now"))
        self._on_yes = self._fetch
        self._on_no = self._offer

    def _fetch(self):
        self._set(no=_("Stop"), under_way=True)
        self._on_no = self._stop
        self._bar.setValue(0)
        self._bar.setFormat(_("Asking the engine…"))
        self._fetcher.fetch(self._model)

    def _stop(self):
        self._no.setEnabled(False)
        self._fetcher.stop(self._model.name)

    def _set(self, text="", *, yes="", no="", under_way=False):
        """Shows this text, these buttons, the bar."""
        _show_text(self._text, text)
        for button, label in ((self._yes, yes), (self._no, no)):
            button.setText(label)
            button.setEnabled(True)
            button.setVisible(bool(label))
        self._bar.setVisible(under_way)


def _text(text="", how=QtCore.Qt.TextFormat.PlainText):
    label = QtWidgets.QLabel(text)
    label.setTextFormat(how)
    label.setWordWrap(True)
    label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _show_text(label, text):
    label.setText(text)
    label.setVisible(bool(text))


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")
