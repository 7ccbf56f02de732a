"""What the docker says after an export: the file does not say yet who made its colors, and a button that writes it.

Krita has no way for plug-ins to set the metadata of a file it writes. Knows nothing else of Krita.
"""

from .photochrom_client import translated as _
from .photochrom_client.kit.exported import SUFFIXES, Exported
from .qt import QtCore, QtWidgets


class Exports(QtWidgets.QFrame):
    """Hidden until there is something to say."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, plugin_folder):
        super().__init__()
        self._folder = plugin_folder
        self._exported = None
        self._asked = False
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._write = QtWidgets.QPushButton(_("Write the note"))
        self._write.setToolTip(_("Writes it into the file's metadata; the picture stays as it is"))
        self._close = QtWidgets.QPushButton(_("Not now"))
        self._lay_out()
        self.hide()
        self._told.connect(self._hear)  # it comes from another thread
        self._write.clicked.connect(lambda _checked: self._mark())
        self._close.clicked.connect(lambda _checked: self.hide())

    def offer(self, file, makers):
        """After a file was written whose colors are by these makers of the client's; for one that can be marked."""
        if file.lower().endswith(SUFFIXES):
            self._asked = False
            self._exported = Exported(self._folder, file, makers, self._told.emit)
            self._exported.look()

    def _mark(self):
        self._asked = True
        self._write.setEnabled(False)
        self._exported.mark()

    def _hear(self, said):
        if self._exported is None or said["file"] != self._exported.file:
            return  # another one was exported meanwhile
        name = said["file"].rpartition("/")[2]
        if "error" in said and not self._asked:
            return  # nobody has asked for anything yet
        if "error" in said:
            self._show(str(said["error"]), again=True)
        elif not said["marked"]:
            self._show(
                _("“{file}” does not say that its colors were made by an algorithm.").format(file=name), again=True
            )
        elif self._asked:
            self._show(_("“{file}” now says that its colors were made by an algorithm.").format(file=name), again=False)
        else:
            self.hide()

    def _show(self, text, *, again):
        self._text.setText(text)
        self._write.setVisible(again)
        self._write.setEnabled(True)
        self._close.setText(_("Not now") if again else _("Close"))
        self.show()

    def _lay_out(self):
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._text)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._write, 1)
        line.addWidget(self._close)
        box.addLayout(line)
