"""The setting whether documents and files are to say that their colors were made by an algorithm."""

from . import choices
from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets


class Noted(QtWidgets.QWidget):
    """A box to tick, whose text is as wide as the docker lets it be; kept from one start to the next."""

    def __init__(self):
        super().__init__()
        text = _("Note in the image's metadata that its colors were made by an algorithm")
        self._box = QtWidgets.QCheckBox()
        self._box.setAccessibleName(text)
        self._box.setChecked(self.wanted)
        self._text = QtWidgets.QLabel(text)
        self._text.setWordWrap(True)
        self.setToolTip(_("Krita writes it into PNG and WebP; for JPEG and TIFF it is offered here after saving"))
        line = QtWidgets.QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._box, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._text, 1)
        self._box.toggled.connect(lambda on: choices.save("note", "true" if on else "false"))

    @property
    def wanted(self):
        return choices.saved("note", "true") == "true"

    def mousePressEvent(self, event):  # noqa: N802  (Qt's name)
        """On the text as on the box."""
        self._box.toggle()
        event.accept()
