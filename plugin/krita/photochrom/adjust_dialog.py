"""The dialog that adjusts existing colors: strength, warmth, neutrals, evenness of objects, the paper's tint."""

from .controls import Slider
from .photochrom_client import translated as _
from .qt import QtCore, QtWidgets
from .sliders import SLIDERS
from .tool_dialog import ToolDialog

ADJUSTED = ("chroma", "warmth", "neutrals", "harmonize")


class AdjustDialog(ToolDialog):
    """For a layer of colors with these `settings`, which follow the sliders. `changed` is emitted then, `given` when
    the user accepts."""

    changed = QtCore.pyqtSignal()

    def __init__(self, parent, name, photograph, settings):
        text = _("Adjusts “{name}”, the colors of “{photograph}”.").format(name=name, photograph=photograph)
        super().__init__(parent, _("Photochrom: Adjust Colors"), text, _("Adjust"))
        self.settings = settings
        form = QtWidgets.QFormLayout()
        for slider in SLIDERS:
            if slider.field in ADJUSTED:
                widget = Slider(slider)
                widget.set(getattr(settings, slider.field))
                widget.moved.connect(lambda value, field=slider.field: self._take(**{field: value}))
                form.addRow(slider.label, widget)
        keep_tint = QtWidgets.QCheckBox(_("Keep the paper's tint"))
        keep_tint.setChecked(settings.tint is None or any(settings.tint))
        keep_tint.clicked.connect(lambda on: self._take(tint=None if on else (0.0, 0.0)))
        form.addRow(keep_tint)
        note = QtWidgets.QLabel(
            _(
                "The docker's preview follows. The layer keeps its opacity, mode and masks; what was painted on it is "
                "replaced. Undo takes two steps."
            )
        )
        note.setWordWrap(True)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._status)
        box.addLayout(form)
        box.addWidget(note)
        box.addLayout(self._buttons())

    def _take(self, **values):
        self.settings = self.settings._replace(**values)
        self._give.setEnabled(True)
        self.changed.emit()
