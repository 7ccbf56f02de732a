"""What the docker offers after an export: to note in the file's metadata that an algorithm made its colors.

Krita has no way for plug-ins to set the metadata of a file it writes. Knows nothing else of Krita.
"""

from .photochrom_client import translated as _
from .photochrom_client.kit.exports import SUFFIXES, Exported, Marked, MarkFailed
from .qt import QtCore, QtWidgets


class Exports(QtWidgets.QFrame):
    """Hidden until there is something to offer."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, plugin_folder):
        super().__init__()
        self._folder = plugin_folder
        self._exported: Exported | None = None
        self._asked = False
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._write = QtWidgets.QPushButton(_("Write Note"))
        self._write.setToolTip(_("Adds the note to the file's metadata; the pixels stay unchanged"))
        self._close = QtWidgets.QPushButton(_("Not now"))
        self._lay_out()
        self.hide()
        self._told.connect(self._hear)  # emitted on another thread
        self._write.clicked.connect(lambda _checked: self._mark())
        self._close.clicked.connect(lambda _checked: self.hide())

    def offer(self, file, makers, given=""):
        """Call this after a file with colors by these makers was written, but for those `given` by a person
        (`given.written`); ignored for files that cannot be marked."""
        if file.lower().endswith(SUFFIXES):
            self._asked = False
            self._exported = Exported(self._folder, file, makers, self._told.emit, given)
            self._exported.check()

    def _mark(self):
        self._asked = True
        self._write.setEnabled(False)
        self._exported.mark()

    def _hear(self, message):
        if self._exported is None or message.file != self._exported.file:
            return  # another file has been exported since
        name = message.file.rpartition("/")[2]
        match message:
            case MarkFailed(_file, error):
                if self._asked:  # else the user has not asked for anything yet
                    self._show(str(error), again=True)
            case Marked(_file, False):
                self._show(
                    _("The metadata of “{file}” do not say that an algorithm made its colors.").format(file=name),
                    again=True,
                )
            case _ if self._asked:
                self._show(
                    _("The metadata of “{file}” now say that an algorithm made its colors.").format(file=name),
                    again=False,
                )
            case _:
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
