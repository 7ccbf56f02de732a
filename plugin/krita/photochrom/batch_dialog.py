"""The dialog that colorizes folders of photographs: closed at any time, it finds the batch again when it is opened."""

from . import preferences
from .controls import Choices, Slider
from .panel import FOLDER
from .photochrom_client import BatchSettings
from .photochrom_client import translated as _
from .photochrom_client.kit.background import Failed, Working
from .photochrom_client.kit.batch import (
    ALBUM,
    ALBUM_MEANING,
    FORMATS,
    Colorizers,
    Follower,
    Reached,
    open_report,
    shown,
)
from .photochrom_client.kit.texts import ORIGINAL, SEEN_AS, STYLE, STYLES, automatic
from .photochrom_client.protocol import AUTO
from .qt import QtCore, QtWidgets
from .sliders import SLIDERS

WIDTH = 620
"""Pixels."""

NUMBERS = ("chroma", "harmonize")
"""Those of a document's sliders that a batch has, too."""


class BatchDialog(QtWidgets.QDialog):
    """A window beside Krita's, which follows the batch while it is shown."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, parent):
        super().__init__(parent)
        self.setWindowTitle(_("Photochrom: Batch"))
        self._follower: Follower | None = None
        self._settings = BatchSettings.from_json(preferences.saved("batch", ""))
        self._shown = shown(None)
        self._photographs = _FolderRow(_("Folder of photographs, with all that is below it"), "batch-input")
        self._results = _FolderRow(_("Folder of the color versions"), "batch-output")
        self._colorizers = Choices([(AUTO, automatic({}))], _("The colorizer that predicts the colors"))
        self._styles = Choices(STYLES, STYLE)
        self._originals = Choices(SEEN_AS, ORIGINAL)
        self._formats = Choices(FORMATS, _("Format of the results"))
        self._sliders = {each.field: Slider(each) for each in SLIDERS if each.field in NUMBERS}
        self._color = QtWidgets.QCheckBox(_("Photographs that are in color already, too"))
        self._color.setToolTip(_("Else they are left out; whether they are is measured"))
        self._album = QtWidgets.QCheckBox(ALBUM.replace("_", ""))
        self._album.setToolTip(ALBUM_MEANING)
        self._mark = QtWidgets.QCheckBox(_("Note in the results' metadata that their colors were made by an algorithm"))
        self._status = QtWidgets.QLabel()
        self._status.setWordWrap(True)
        self._status.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._act, self._stop = QtWidgets.QPushButton(), QtWidgets.QPushButton(_("Stop"))
        self._report = QtWidgets.QPushButton(_("Open Report"))
        self._start = QtWidgets.QPushButton(_("Start"))
        self._lay_out()
        self._show_settings()
        self._connect()
        self._show(self._shown)

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        if self._follower is None:
            self._follower = Follower(FOLDER, self._told.emit)
            self._look()

    def done(self, result):
        """Qt's: the dialog is closed, in whatever way."""
        if self._follower is not None:
            self._follower.close()
            self._follower = None
        super().done(result)

    def _connect(self):
        self._told.connect(self._hear)  # emitted on another thread
        self._photographs.chosen.connect(self._let_start)
        self._results.chosen.connect(self._look)
        self._colorizers.chosen.connect(lambda name: self._take(colorizer=name))
        self._styles.chosen.connect(lambda name: self._take(style=name))
        self._originals.chosen.connect(lambda name: self._take(original=name))
        self._formats.chosen.connect(lambda name: self._take(format=name))
        self._color.clicked.connect(lambda on: self._take(include_color=on))
        self._album.clicked.connect(lambda on: self._take(album=on))
        self._mark.clicked.connect(lambda on: self._take(mark=on))
        for field, slider in self._sliders.items():
            slider.moved.connect(lambda value, field=field: self._take(**{field: value}))
        self._start.clicked.connect(lambda _checked: self._begin())
        self._act.clicked.connect(lambda _checked: self._follower.tell_batch(self._shown.what))
        self._stop.clicked.connect(lambda _checked: self._follower.tell_batch("stop"))
        self._report.clicked.connect(lambda _checked: open_report(self._shown.report, self._told.emit))

    def _take(self, **values):
        self._settings = self._settings._replace(**values)
        preferences.save("batch", self._settings.to_json())
        self._show_settings()

    def _begin(self):
        self._follower.start([self._photographs.path], self._results.path, self._settings)

    def _look(self):
        """The output folder may have a batch that can be resumed."""
        if self._results.path and self._follower is not None:
            self._follower.look_into(self._results.path)
        self._let_start()

    def _let_start(self):
        ready = self._shown.startable and self._photographs.path and self._results.path
        self._start.setEnabled(bool(ready))

    def _hear(self, message):
        """What the follower tells."""
        match message:
            case Colorizers(colorizers):
                self._colorizers.offer([(name, automatic({}) if name == AUTO else title) for name, title in colorizers])
                self._show_settings()
            case Reached(progress):
                self._show(shown(progress))
            case Working(words):
                self._status.setText(f"{words}…")
                self._shown = self._shown._replace(text="")  # so that its text is shown again, whatever it is
            case Failed(error):
                self._status.setText(str(error))

    def _show(self, now):
        if now != self._shown or not self._status.text():
            self._status.setText(now.text)
        self._shown = now
        self._bar.setVisible(now.fraction is not None)
        self._bar.setValue(round(1000 * (now.fraction or 0.0)))
        self._bar.setFormat(now.bar)
        self._act.setText(now.label)
        self._act.setVisible(bool(now.label))
        self._stop.setVisible(now.stoppable)
        self._report.setVisible(bool(now.report))
        self._let_start()

    def _show_settings(self):
        self._colorizers.choose(self._settings.colorizer)
        self._styles.choose(self._settings.style)
        self._originals.choose(self._settings.original)
        self._formats.choose(self._settings.format)
        self._color.setChecked(self._settings.include_color)
        self._album.setChecked(self._settings.album)
        self._mark.setChecked(self._settings.mark)
        for field, slider in self._sliders.items():
            slider.set(getattr(self._settings, field))

    def _lay_out(self):
        box = QtWidgets.QVBoxLayout(self)
        form = QtWidgets.QFormLayout()
        form.addRow(_("Photographs"), self._photographs)
        form.addRow(_("Results"), self._results)
        form.addRow(_("Colorizer"), self._colorizers)
        form.addRow(_("Colors"), self._styles)
        form.addRow(_("Original"), self._originals)
        for slider in SLIDERS:
            if slider.field in NUMBERS:
                form.addRow(slider.label, self._sliders[slider.field])
        form.addRow(_("Format"), self._formats)
        form.addRow(self._color)
        form.addRow(self._album)
        form.addRow(self._mark)
        box.addLayout(form)
        box.addWidget(self._status)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._bar, 1)
        for button in (self._act, self._stop, self._report):
            line.addWidget(button)
        box.addLayout(line)
        box.addStretch(1)
        close = QtWidgets.QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        for button in (self._act, self._stop, self._report, self._start, close):
            button.setAutoDefault(False)  # Enter in a folder's field must not start anything
        line = QtWidgets.QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(self._start)
        box.addLayout(line)
        self.resize(WIDTH, self.sizeHint().height())


class _FolderRow(QtWidgets.QWidget):
    """A folder's `path`, "" for none, which can be typed or chosen; `chosen` is emitted when it is another one. It is
    kept in the user's preference of this `name`."""

    chosen = QtCore.pyqtSignal()

    def __init__(self, title, name):
        super().__init__()
        self._title, self._name = title, name
        self.path = preferences.saved(name, "")
        self._field = QtWidgets.QLineEdit(self.path)
        self._field.setToolTip(title)
        self._field.editingFinished.connect(lambda: self._take(self._field.text().strip()))
        button = QtWidgets.QPushButton(_("Choose…"))
        button.setAutoDefault(False)
        button.clicked.connect(self._choose)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._field, 1)
        row.addWidget(button)

    def _choose(self):
        dialog = QtWidgets.QFileDialog(self, self._title, self.path)
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, path):
        if path != self.path:
            self.path = path
            self._field.setText(path)
            preferences.save(self._name, path)
            self.chosen.emit()
