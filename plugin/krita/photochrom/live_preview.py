"""The docker's preview: shows what its source tells, for the settings that are wanted at the moment."""

from . import preferences
from .before_after import BeforeAfter
from .photochrom_client import translated as _
from .photochrom_client.kit.background import Failed, Working
from .photochrom_client.kit.preview import Choices
from .photochrom_client.kit.texts import NO_DOUBT, NOTICED, SET_RIGHT, colored_by
from .photochrom_client.protocol import ORIGINALS
from .preview_source import After, Before, Heat, PreviewSource, Recolored
from .qt import QtCore, QtWidgets
from .texts import readable


class LivePreview(QtWidgets.QWidget):
    """The picture, a line of text, a switch and a slider for the doubt. It starts with `show` and ends with `hide`.

    `wanted()` gives the `Settings` to preview; `controls` get the engine's choices, and the photograph that comes to
    the front by the `FollowedOriginal` that is given. Emitted are `replaced` for another
    photograph, `colored` (a `QImage` of all of it), and about a recolored object `recolored` (a `QImage` of it with
    alpha, and the client's suggestions) and `failed` (text).
    """

    replaced = QtCore.pyqtSignal()
    colored = QtCore.pyqtSignal(object)
    recolored = QtCore.pyqtSignal(object, object)
    failed = QtCore.pyqtSignal(str)

    def __init__(self, plugin_folder, controls, original):
        super().__init__()
        self._controls = controls
        self._original = original
        self._wanted = lambda: controls.settings
        self.view = BeforeAfter()
        self._status = Line()
        self._noticed = Noticed(controls)
        self._switch = QtWidgets.QCheckBox(_("Preview"))
        self._switch.setChecked(preferences.saved("preview", "true") == "true")
        self._doubt = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self._doubt.setRange(0, 100)
        self._doubt.setToolTip(_("Fades in where the colorizer is unsure: the brighter, the less sure"))
        self._source = PreviewSource(plugin_folder, self._hear)
        self._lay_out()
        self._switch.toggled.connect(self._switched)
        self._doubt.valueChanged.connect(self._fade_doubt)

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._switched(self._switch.isChecked())

    def hideEvent(self, event):  # noqa: N802
        super().hideEvent(event)
        self._source.stop()

    def follow(self, wanted=None):
        """Previews the settings that `wanted` returns; None for those of the controls again."""
        self._wanted = wanted or (lambda: self._controls.settings)

    def refresh(self):
        """Asks for a preview of what is wanted now."""
        self._source.want(self._wanted())

    def give(self, **guidance):
        """As `PreviewSource.give`."""
        self._source.give(**guidance)

    @property
    def is_on(self):
        return self._switch.isChecked()

    def switch_on(self):
        self._switch.setChecked(True)

    def _switched(self, on):
        preferences.save("preview", "true" if on else "false")
        if on and self.isVisible():
            self.refresh()
            self._source.start()
        else:
            self._source.stop()
            self.view.show_before(None)
            self._noticed.hide()
            self._status.setText("")

    def _fade_doubt(self, percent):
        self.view.fade_doubt(percent / 100)
        self._source.want_doubt(percent > 0)

    def _hear(self, message):
        match message:
            case Before(picture, why):
                self.view.show_before(picture)
                self._status.setText(why)
                self._noticed.hide()
                self._original.look()
                self.replaced.emit()
            case After(picture, colorizer, scores, noticed):
                self.view.show_after(picture)
                self.colored.emit(picture)
                self._noticed.show_for(noticed)
                self._controls.show_scores(scores)
                self._status.setText(_("Colored by {names}.").format(names=colored_by(colorizer, scores)))
            case Heat(picture):
                self.view.show_doubt(picture)
                if picture is None:
                    self._status.setText(NO_DOUBT)
            case Recolored(picture, suggestions):
                self.recolored.emit(picture, suggestions)
            case Choices(colorizers, segmenters):
                self._controls.list(colorizers, segmenters)
            case Working(text):
                self._status.setText(f"{text}…")
            case Failed(error):
                self._status.setText(readable(str(error)))
                self.failed.emit(readable(str(error)))

    def _lay_out(self):
        box = QtWidgets.QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view, 1)
        box.addWidget(self._noticed)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._status, 1)
        line.addWidget(self._switch)
        box.addLayout(line)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(QtWidgets.QLabel(_("Show uncertainty")))
        line.addWidget(self._doubt, 1)
        box.addLayout(line)


class Noticed(QtWidgets.QWidget):
    """What the photograph looks scanned from, with a button that sets it right in the `controls`; hidden where nothing
    is noticed, or it is right already."""

    def __init__(self, controls):
        super().__init__()
        self._controls = controls
        self._original = ORIGINALS[0]
        self._words = QtWidgets.QLabel()
        self._words.setWordWrap(True)
        self._button = QtWidgets.QPushButton()
        self._button.clicked.connect(lambda _checked: controls.take_original(self._original))
        box = QtWidgets.QVBoxLayout(self)  # beside the button, a narrow docker would leave the words no room
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._words)
        box.addWidget(self._button)
        self.hide()

    def show_for(self, noticed):
        """Of `noticed`, what a preview came with."""
        self._original = noticed
        said = noticed in NOTICED and noticed != self._controls.settings.original
        if said:
            self._words.setText(NOTICED[noticed])
            self._button.setText(SET_RIGHT[noticed])
        self.setVisible(said)


class Line(QtWidgets.QLabel):
    """A text in one line, which ends in “…” where there is no room; the tool tip has all of it."""

    def __init__(self):
        super().__init__()
        self._whole = ""
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)

    def text(self):
        """All of it."""
        return self._whole

    def setText(self, text):  # noqa: N802  (Qt's name)
        self._whole = text
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event):  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self):
        one = " ".join(self._whole.split())
        super().setText(self.fontMetrics().elidedText(one, QtCore.Qt.TextElideMode.ElideRight, self.width()))
