"""The dialog that chooses a reference picture; the docker's preview follows it at once."""

from krita import Krita

from . import document
from .errors import Unsuitable
from .guidance import picture_in, picture_of_document, reference_of
from .photochrom_client import translated as _
from .pixels import Converter
from .qt import QtCore, QtGui, QtWidgets
from .task import Task
from .tool_dialog import ToolDialog

METHODS = (
    ("palette", _("Its palette"), _("The picture as a whole gets such colors")),
    ("regions", _("Its colors, region by region"), _("Regions that look alike get the same color")),
)
THUMBNAIL = QtCore.QSize(320, 200)


class LikeDialog(ToolDialog):
    """`changed` is emitted for another picture or another way to follow it, `given` when the user accepts."""

    changed = QtCore.pyqtSignal()

    def __init__(self, parent, now):
        super().__init__(
            parent,
            _("Photochrom: Color Like"),
            _("Choose a color picture as the reference."),
            _("Colorize"),
        )
        self.picture = None
        """The reference for the engine; None until there is one."""
        self.path = ""
        self._reading = None
        self._file = QtWidgets.QPushButton(_("Choose a file…"))
        self._file.clicked.connect(self._choose_file)
        self._documents = QtWidgets.QComboBox()
        self._others = [each for each in Krita.instance().documents() if each != now]
        self._documents.addItem("—")
        self._documents.addItems([each.name() or _("Unnamed") for each in self._others])
        self._documents.setEnabled(bool(self._others))
        self._documents.activated.connect(self._choose_document)
        self._methods = QtWidgets.QComboBox()
        for name, title, help_text in METHODS:
            self._methods.addItem(title, name)
            self._methods.setItemData(self._methods.count() - 1, help_text, QtCore.Qt.ItemDataRole.ToolTipRole)
        self._methods.activated.connect(lambda _at: self.changed.emit())
        self._shown = QtWidgets.QLabel()
        self._lay_out()
        self.finished.connect(self._end)

    @property
    def method(self):
        return self._methods.currentData()

    def follow_file(self, path):
        self._read(picture_in(path), path)

    def _choose_file(self):
        dialog = QtWidgets.QFileDialog(self, _("Reference picture"))
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.follow_file)
        dialog.open()

    def _choose_document(self, at):
        if at > 0:
            other = self._others[at - 1]
            self._read(self._read_document(other), other.fileName())

    def _read_document(self, other):
        yield 0
        if not document.is_open(other):
            raise Unsuitable(_("That document has been closed. Choose another picture."))
        return picture_of_document(other)

    def _read(self, reading, path):
        self._end()
        self._reading = Task(self._for_engine(reading), lambda read: self._take(path, *read), self._fail)

    def _for_engine(self, reading):
        picture = yield from reading
        with Converter() as converter:
            return picture, (yield from reference_of(picture, converter))

    def _take(self, path, picture, planes):
        self._reading = None
        self.picture, self.path = planes, path
        small = picture.scaled(
            THUMBNAIL, QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
        )
        self._shown.setPixmap(QtGui.QPixmap.fromImage(small))
        self._status.setText(_("The docker's preview follows this picture."))
        self._give.setEnabled(True)
        self.changed.emit()

    def _fail(self, error):
        self._reading = None
        self._status.setText(str(error))

    def _end(self, _result=0):
        if self._reading is not None:
            self._reading.cancel()

    def _lay_out(self):
        form = QtWidgets.QFormLayout(self)
        form.addRow(_("File"), self._file)
        form.addRow(_("Or an open document"), self._documents)
        form.addRow(_("Follow"), self._methods)
        form.addRow(self._shown)
        form.addRow(self._status)
        form.addRow(self._buttons())
