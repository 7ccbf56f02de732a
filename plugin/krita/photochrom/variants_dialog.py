"""The dialog that shows variants to choose from."""

from . import guidance
from .photochrom_client import translated as _
from .photochrom_client.kit.background import Failed, Working
from .photochrom_client.kit.variant_previews import Complete, Variant, VariantPreviews
from .photochrom_client.settings import Settings
from .pixels import Converter, bounds_of
from .planes import picture_of
from .qt import QtCore, QtGui, QtWidgets
from .reduced import reduced_of, reduced_picture, with_tint
from .task import Task
from .tool_dialog import ToolDialog

THUMBNAIL = QtCore.QSize(240, 170)
COLUMNS = 3


class VariantsDialog(ToolDialog):
    """`chosen` has the `Settings` of the chosen variants, in the order in which they were chosen."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, parent, plugin_folder, now, source, settings):
        super().__init__(parent, _("Photochrom: Variants"), _("Choose one or several."), _("Insert"))
        self._folder = plugin_folder
        self._settings = settings
        self._previews: VariantPreviews | None = None
        self._chosen: dict[str, Settings] = {}
        self._count = 0
        self._grid = QtWidgets.QGridLayout()
        self._lay_out()
        self._told.connect(self._hear)  # emitted on another thread
        self.finished.connect(self._end)
        self._reading = Task(self._read(now, source), self._begin, self._fail)

    def _read(self, now, source):
        yield 0
        with Converter() as converter:
            reduced = yield from reduced_of(reduced_picture(source), converter)
            given = yield from guidance.collect(now, bounds_of(source), [self._settings], converter)
            (settings,) = yield from with_tint([self._settings], source, converter)
        return reduced, given, settings

    def _fail(self, error):
        self._reading = None
        self._status.setText(str(error))

    def _begin(self, read):
        self._reading = None
        reduced, given, settings = read
        self._previews = VariantPreviews(self._folder, reduced, given, settings, self._told.emit)

    def _end(self, _result):
        if self._reading is not None:
            self._reading.cancel()
        if self._previews is not None:
            self._previews.stop()

    @property
    def chosen(self):
        return list(self._chosen.values())

    def _hear(self, message):
        match message:
            case Variant(key, title, settings, preview):
                self._add(key, title, settings, picture_of(preview))
            case Working(text):
                self._status.setText(f"{text}…")
            case Complete(text):
                self._status.setText(text)
            case Failed(error):
                self._status.setText(str(error))

    def _add(self, key, title, settings, picture):
        picture = picture.scaled(
            THUMBNAIL, QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
        )
        button = QtWidgets.QToolButton()
        button.setCheckable(True)
        button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(picture)))
        button.setIconSize(THUMBNAIL)
        button.setText(button.fontMetrics().elidedText(title, QtCore.Qt.TextElideMode.ElideRight, THUMBNAIL.width()))
        button.setToolTip(title)
        button.setObjectName(key)
        button.toggled.connect(lambda on: self._choose(key, settings if on else None))
        self._grid.addWidget(button, self._count // COLUMNS, self._count % COLUMNS)
        self._count += 1

    def _choose(self, key, settings):
        if settings is not None:
            self._chosen[key] = settings
        else:
            del self._chosen[key]
        self._give.setEnabled(bool(self._chosen))

    def _lay_out(self):
        inside = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(inside)
        box.addLayout(self._grid)
        box.addStretch(1)
        scrolled = QtWidgets.QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(inside)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._status, 1)
        line.addLayout(self._buttons())
        whole = QtWidgets.QVBoxLayout(self)
        whole.addWidget(scrolled, 1)
        whole.addLayout(line)
        self.resize(COLUMNS * (THUMBNAIL.width() + 26) + 30, 2 * (THUMBNAIL.height() + 60) + 60)
