"""The option to note in metadata that colors were made by an algorithm."""

from . import preferences
from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets


class MetadataOption(QtWidgets.QWidget):
    """A checkbox whose text wraps at the docker's width; remembered across sessions."""

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
        self._box.toggled.connect(lambda on: preferences.save("note", "true" if on else "false"))

    @property
    def wanted(self):
        return preferences.saved("note", "true") == "true"

    def mousePressEvent(self, event):  # noqa: N802  (Qt's name)
        """On the text as on the box."""
        self._box.toggle()
        event.accept()
