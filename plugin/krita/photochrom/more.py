"""The colorizers that are not installed: what each is good at, its size and license, and how to get it."""

from .photochrom_client import translated as _
from .photochrom_client.kit.fetching import Fetcher
from .photochrom_client.kit.offers import Offer, to_be_had
from .qt import QtCore, QtWidgets

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
            self._show(to_be_had(said["models"]))
            self._show_installed(said["colorizers"])
        elif "name" in said:
            self._offers[said["name"]].offer.hear(said)
        else:
            self._say(str(said["error"]))

    def _show(self, models):
        """Keeps the offers of models that are still to be had as they are: one of them may be on its way."""
        names = {model.name for model in models}
        for name in [name for name in self._offers if name not in names]:
            self._offers.pop(name).deleteLater()
        for model in models:
            if model.name not in self._offers:
                self._offers[model.name] = row = Row(model, self._fetcher)
                self._list.insertWidget(self._list.count() - 1, row)
        self._say("" if models else _("All colorizers that Photochrom knows are installed."))

    def _say(self, text):
        """Shows this instead of the list; nothing shows the list."""
        _show_text(self._said, text)
        self._scrolled.setVisible(not text)


class Row(QtWidgets.QWidget):
    """One colorizer in the list; `offer` says what is to be seen of it."""

    def __init__(self, model, fetcher):
        super().__init__()
        self._text = _text()
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._yes, self._no = QtWidgets.QPushButton(), QtWidgets.QPushButton()
        head = _text(f"<b>{model.name}</b>: {_escaped(model.good_at)}", QtCore.Qt.TextFormat.RichText)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(head)
        box.addWidget(self._text)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(_text(f"{model.size} · {model.license}"), 1)
        line.addWidget(self._no)
        line.addWidget(self._yes)
        box.addLayout(line)
        box.addWidget(self._bar)
        self.offer = Offer(model, fetcher, self._show)
        self._yes.clicked.connect(self.offer.yes)
        self._no.clicked.connect(self.offer.no)

    def _show(self, shown):
        _show_text(self._text, shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.setText(label)
            button.setVisible(bool(label))
        self._no.setEnabled(shown.no_sensitive)
        self._bar.setVisible(shown.fraction is not None)
        self._bar.setValue(round(1000 * (shown.fraction or 0.0)))
        self._bar.setFormat(shown.message)


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
