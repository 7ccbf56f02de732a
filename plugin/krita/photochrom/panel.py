"""The docker's widgets: preview, controls, buttons, progress."""

from pathlib import Path

from . import document, metadata, preferences
from .commands import Commands
from .controls import Controls
from .exports import Exports
from .live_preview import LivePreview
from .metadata_option import MetadataOption
from .more_colorizers import MoreColorizers
from .photochrom_client import translated as _
from .photochrom_client.kit.history import History
from .photochrom_client.settings import Settings
from .qt import QtCore, QtWidgets
from .texts import readable
from .tools import Tools

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""

HISTORY = FOLDER.parents[1] / "photochrom-history.json"
"""In Krita's resource folder, by a path that Krita's Python can read."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


class Panel(QtWidgets.QWidget):
    """One for each of Krita's windows; each runs one command at a time."""

    def __init__(self):
        super().__init__()
        history = History(HISTORY)
        self._controls = Controls(_saved_settings(), history)
        self._metadata = MetadataOption()
        self._preview = LivePreview(FOLDER, self._controls)
        self._commands = Commands(FOLDER, self._controls, history, lambda: self._metadata.wanted)
        self._dialogs = Tools(self, FOLDER, self._controls, self._commands, self._preview)
        self._more = MoreColorizers(self, FOLDER, self._controls.list)
        self._exports = Exports(FOLDER)
        self._colorize = _button(
            _("Colorize"), _("Adds the colors of the selected layer as a layer above it"), self._commands.colorize
        )
        self._again = _button(
            _("Run Again"),
            _("Colors the photograph once more with the settings of the selected color layer"),
            self._commands.run_again,
        )
        self._tools = self._tool_buttons()
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._cancel = QtWidgets.QPushButton(_("Cancel"))
        self._rest = QtCore.QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._lay_out()
        self._show_busy(False)
        self._connect()

    def colorize(self):
        """As the button of that name does."""
        self._commands.colorize()

    def _connect(self):
        self._controls.changed.connect(self._changed)
        self._controls.more.connect(self._more.show)
        self._rest.timeout.connect(self._preview.refresh)
        self._commands.busy.connect(self._show_busy)
        self._commands.progressed.connect(self._show_progress)
        self._commands.refused.connect(self._say)
        self._commands.asked.connect(self._ask)
        self._cancel.clicked.connect(self._commands.cancel)
        metadata.on_saved(self._saved)

    def _changed(self):
        preferences.save("settings", self._controls.settings.to_json())
        self._rest.start()

    def _show_busy(self, busy):
        self._show_progress(0, _("Reading the layer"))
        for widget in (self._bar, self._cancel):
            widget.setVisible(busy)
        for widget in (self._colorize, self._again, *self._tools):
            widget.setEnabled(not busy)

    def _show_progress(self, fraction, message):
        self._bar.setValue(round(1000 * fraction))
        self._bar.setFormat(f"{message}…")

    def _saved(self, file):
        """After Krita has written a file."""
        now = document.active()
        made_by = metadata.makers(now) if now is not None and self._metadata.wanted and self.isVisible() else []
        if made_by:
            self._exports.offer(file, made_by)

    def _say(self, text):
        """Opens a box without waiting for the answer, which would block Krita."""
        box = self._box(QtWidgets.QMessageBox.Icon.Warning, text)
        box.open()

    def _ask(self, text, question, yes, on_yes):
        box = self._box(QtWidgets.QMessageBox.Icon.Question, text)
        box.setInformativeText(question)
        button = box.addButton(yes, QtWidgets.QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QtWidgets.QMessageBox.StandardButton.Cancel)
        button.clicked.connect(lambda _checked: on_yes())
        box.open()

    def _box(self, icon, text):
        box = QtWidgets.QMessageBox(self.window())
        box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(icon)
        box.setWindowTitle("Photochrom")
        box.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        box.setText(readable(text))
        return box

    def _tool_buttons(self):
        commands, dialogs = self._commands, self._dialogs
        return (
            _button(
                _("Hints Layer"),
                _("Shows the layer on which colors are painted as hints for every coloring"),
                commands.make_hints,
            ),
            _button(_("Variants…"), _("Shows other answers to the same photograph"), dialogs.show_variants),
            _button(_("Show Doubt"), _("Adds a layer that shows where the colorizer is unsure"), commands.show_doubt),
            _button(
                _("Paint Here First"),
                _("Selects where a color hint helps most, and the hints layer to paint it on"),
                commands.paint_first,
            ),
            _button(_("Color Like…"), _("Gives a photograph the colors of another picture"), dialogs.color_like),
            _button(_("Recolor Object…"), _("Gives one object of a photograph another color"), dialogs.recolor),
        )

    def _lay_out(self):
        inside = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._preview)
        box.addWidget(self._controls)
        box.addWidget(self._metadata)
        box.addStretch(1)
        scrolled = QtWidgets.QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        # In some languages it is wider than the buttons below, and nothing would scroll to what is cut off.
        bar = scrolled.verticalScrollBar().sizeHint().width()
        scrolled.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        whole = QtWidgets.QVBoxLayout(self)
        whole.addWidget(scrolled, 1)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._colorize, 1)
        line.addWidget(self._again, 1)
        whole.addLayout(line)
        grid = QtWidgets.QGridLayout()
        for at, tool in enumerate(self._tools):
            grid.addWidget(tool, at // 2, at % 2)
        whole.addLayout(grid)
        whole.addWidget(self._exports)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._cancel)
        whole.addLayout(line)


def _button(label, tool_tip, do):
    button = QtWidgets.QPushButton(label)
    button.setToolTip(tool_tip)
    button.clicked.connect(lambda _checked: do())
    return button


def _saved_settings():
    """Those of the last session; the default without any."""
    try:
        return Settings.from_json(preferences.saved("settings", "")).plain()
    except ValueError:
        return Settings()
