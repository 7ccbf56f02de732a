"""The dialog with the colorizers that can be installed: what each is good at, size, license, and the download."""

from .photochrom_client import translated as _
from .photochrom_client.kit.downloads import Downloads
from .photochrom_client.kit.offers import Offer, OfferList
from .qt import QtCore, QtWidgets

SIZE = (460, 420)


class MoreColorizers(QtWidgets.QDialog):
    """A window beside Krita's. `show_installed` gets the client's colorizers whenever there may be more of them."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, parent, plugin_folder, show_installed):
        super().__init__(parent)
        self.setWindowTitle(_("Photochrom: More Colorizers"))
        self.resize(*SIZE)
        self._downloads = Downloads(plugin_folder, self._told.emit)
        self._text = _label()
        self._list = QtWidgets.QVBoxLayout()
        self._list.addStretch()
        inside = QtWidgets.QWidget()
        inside.setLayout(self._list)
        self._scrolled = QtWidgets.QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setWidget(inside)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._text)
        box.addWidget(self._scrolled)
        self._offers = OfferList(self._add, self._say, show_installed)
        self._told.connect(self._offers.hear)  # emitted on other threads

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._downloads.list()

    def _add(self, model):
        row = Row(model, self._downloads)
        self._list.insertWidget(self._list.count() - 1, row)
        return row

    def _say(self, text):
        _show_text(self._text, text)
        self._scrolled.setVisible(not text)


class Row(QtWidgets.QWidget):
    """One colorizer in the list; `offer` decides what is shown of it."""

    def __init__(self, model, downloads):
        super().__init__()
        self._text = _label()
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._yes, self._no = QtWidgets.QPushButton(), QtWidgets.QPushButton()
        head = _label(f"<b>{model.name}</b>: {_escaped(model.good_at)}", QtCore.Qt.TextFormat.RichText)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(head)
        box.addWidget(self._text)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(_label(f"{model.size} · {model.license}"), 1)
        line.addWidget(self._no)
        line.addWidget(self._yes)
        box.addLayout(line)
        box.addWidget(self._bar)
        self.offer = Offer(model, downloads, self._show)
        self._yes.clicked.connect(self.offer.yes)
        self._no.clicked.connect(self.offer.no)

    def remove(self):
        self.deleteLater()

    def _show(self, shown):
        _show_text(self._text, shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.setText(label)
            button.setVisible(bool(label))
        self._no.setEnabled(shown.no_sensitive)
        self._bar.setVisible(shown.fraction is not None)
        self._bar.setValue(round(1000 * (shown.fraction or 0.0)))
        self._bar.setFormat(shown.message)


def _label(text="", text_format=QtCore.Qt.TextFormat.PlainText):
    label = QtWidgets.QLabel(text)
    label.setTextFormat(text_format)
    label.setWordWrap(True)
    label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _show_text(label, text):
    label.setText(text)
    label.setVisible(bool(text))


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")
