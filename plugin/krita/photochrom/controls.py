"""The controls for the settings. Knows nothing of Krita."""

from .history_menu import HistoryMenu
from .photochrom_client import translated as _
from .photochrom_client.kit.texts import ORIGINAL, SEEN_AS, STYLE, STYLES, automatic
from .photochrom_client.protocol import AUTO
from .photochrom_client.settings import Settings
from .qt import QtCore, QtWidgets
from .sliders import SLIDERS

BEST = ("", _("Best installed"))
"""The segmenter that the engine takes by default."""


class Controls(QtWidgets.QWidget):
    """Shows and changes `settings`, whose tint is none or to be measured, and takes over those of the `history`;
    `changed` is emitted when the user has changed something, `more` for more colorizers."""

    changed = QtCore.pyqtSignal()
    more = QtCore.pyqtSignal()

    def __init__(self, settings, history):
        super().__init__()
        self._settings = settings
        self._scores = {}
        self._colorizers = Choices([(AUTO, automatic({}))], _("The colorizer that predicts the colors"))
        self._styles = Choices(STYLES, STYLE)
        self._segmenters = Choices([BEST], _("The segmenter that outlines the objects to be harmonized"))
        self._sliders = {slider.field: Slider(slider) for slider in SLIDERS}
        self._originals = Choices(SEEN_AS, ORIGINAL)
        self._keep_tint = QtWidgets.QCheckBox(_("Keep the paper's tint"))
        self._keep_tint.setToolTip(_("Lays the colors over the tint of the layer, such as sepia"))
        self._history = HistoryMenu(history)
        self._lay_out()
        self._show()
        self._colorizers.chosen.connect(lambda name: self._take(colorizer=name))
        self._styles.chosen.connect(lambda name: self._take(style=name))
        self._segmenters.chosen.connect(lambda name: self._take(segmenter=name))
        self._originals.chosen.connect(self.take_original)
        self._keep_tint.clicked.connect(lambda on: self._take(tint=None if on else (0.0, 0.0)))
        self._history.chosen.connect(self._reuse)
        for field, slider in self._sliders.items():
            slider.moved.connect(lambda value, field=field: self._take(**{field: value}))

    @property
    def settings(self):
        return self._settings

    def set(self, settings):
        """Shows other settings, as if the user had chosen them."""
        if settings != self._settings:
            self._settings = settings
            self._show()
            self.changed.emit()

    def take_original(self, original):
        """Sets what was scanned, as if the user had chosen it."""
        self._take(original=original)

    def list(self, colorizers, segmenters=None):
        """Takes the client's colorizers and segmenters as what can be chosen; without segmenters those stay."""
        self._colorizers.offer([tuple(each) for each in colorizers])
        if segmenters is not None:
            self._segmenters.offer([BEST, *(tuple(each) for each in segmenters)])
        self._show()

    def show_scores(self, scores):
        """Says in the row of the automatic choice what it came to."""
        self._scores = scores or self._scores
        self._show()

    def _lay_out(self):
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)  # dockers are narrow
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        more = QtWidgets.QPushButton(_("More…"))
        more.setToolTip(_("Colorizers that can be installed"))
        more.clicked.connect(self.more)
        form.addRow(_("Colorizer"), _beside(self._colorizers, more))
        form.addRow(_("Colors"), self._styles)
        for slider in SLIDERS:
            form.addRow(slider.label, self._sliders[slider.field])
        form.addRow(_("Object segmenter"), self._segmenters)
        form.addRow(_("Original"), self._originals)
        form.addRow(self._keep_tint)
        reset = QtWidgets.QPushButton(_("Reset"))
        reset.setToolTip(_("Restores the default settings"))
        reset.clicked.connect(lambda: self.set(Settings()))
        form.addRow(_beside(self._history, reset))

    def _reuse(self, settings):
        """As for an earlier result, but of the photograph in front: what was scanned stays."""
        self.set(settings.plain()._replace(original=self._settings.original))

    def _take(self, **values):
        self.set(self._settings._replace(**values))

    def _show(self):
        self._colorizers.rename(AUTO, automatic(self._scores))
        self._colorizers.choose(self._settings.colorizer)
        self._styles.choose(self._settings.style)
        self._segmenters.choose(self._settings.segmenter)
        self._originals.choose(self._settings.original)
        self._segmenters.setEnabled(self._settings.harmonize > 0)
        self._keep_tint.setChecked(self._settings.tint is None)
        for field, slider in self._sliders.items():
            slider.set(getattr(self._settings, field))


def _beside(wide, narrow):
    row = QtWidgets.QHBoxLayout()
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return row


class Choices(QtWidgets.QComboBox):
    """Names with titles; `chosen` has the name that the user took."""

    chosen = QtCore.pyqtSignal(str)

    def __init__(self, choices, tool_tip):
        super().__init__()
        self.setToolTip(tool_tip)
        # Titles are long, dockers are narrow: the open list is as wide as it needs.
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.offer(choices)
        self.activated.connect(lambda at: self.chosen.emit(self.itemData(at)))

    def offer(self, choices):
        self.clear()
        for name, title in choices:
            self.addItem(title, name)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)

    def rename(self, name, title):
        at = self.findData(name)
        if at >= 0:
            self.setItemText(at, title)

    def choose(self, name):
        if self.findData(name) < 0:  # a blend, or one that is not installed: the engine reports it
            self.addItem(name, name)
        self.setCurrentIndex(self.findData(name))


class Slider(QtWidgets.QWidget):
    """A slider with its value in per cent; `moved` has the value that the user set."""

    moved = QtCore.pyqtSignal(float)

    def __init__(self, description):
        super().__init__()
        self.setToolTip(description.help)
        self._slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self._number = QtWidgets.QSpinBox()
        self._number.setSuffix(" %")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._slider.setMinimumWidth(60)
        row.addWidget(self._slider, 1)
        row.addWidget(self._number)
        for widget in (self._slider, self._number):
            widget.setRange(round(100 * description.least), round(100 * description.most))
            widget.valueChanged.connect(lambda percent: self.moved.emit(percent / 100))

    def set(self, value):
        for widget in (self._slider, self._number):
            widget.blockSignals(True)
            widget.setValue(round(100 * value))
            widget.blockSignals(False)
