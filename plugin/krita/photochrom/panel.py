"""The docker's widgets: preview, controls, buttons, progress."""

import os
from pathlib import Path

from . import document, known, metadata, preferences
from .actions import TOOLS
from .commands import Commands
from .controls import Controls
from .exports import Exports
from .followed import FollowedOriginal
from .installation import InstallationWindow
from .layer_option import LayerOption
from .live_preview import LivePreview
from .metadata_option import MetadataOption
from .more_colorizers import MoreColorizers
from .photochrom_client import translated as _
from .photochrom_client.given import written
from .photochrom_client.kit.history import History
from .photochrom_client.settings import Settings
from .qt import QtCore, QtWidgets
from .target import Target
from .texts import readable
from .tools import Tools

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""


def _resource_folder():
    """Krita's folder of the user's, by a path that Krita's Python can read: the plug-in is in it, or came with a
    package for all users."""
    if not FOLDER.is_relative_to("/usr"):
        return FOLDER.parents[1]
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "krita"


HISTORY = _resource_folder() / "photochrom-history.json"

LEAST_CONTROLS = 64
"""Height that the controls have at least; they scroll."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


class Panel(QtWidgets.QWidget):
    """One for each of Krita's windows; each runs one command at a time."""

    def __init__(self):
        super().__init__()
        history = History(HISTORY)
        self._controls = Controls(_saved_settings(), history)
        self._metadata = MetadataOption()
        self._layer = LayerOption()
        self._target = Target()
        self._original = FollowedOriginal(self._controls)
        self._preview = LivePreview(FOLDER, self._controls, self._original)
        self._commands = Commands(FOLDER, self._controls, self._layer, history, lambda: self._metadata.wanted)
        self._dialogs = Tools(self, FOLDER, self._commands, self._preview)
        self._more = MoreColorizers(self, FOLDER, self._controls.list)
        self._installation = InstallationWindow(self, FOLDER)
        self._exports = Exports(FOLDER)
        self._do = {
            "colorize": self._commands.colorize,
            "run_again": self._commands.run_again,
            "adjust": self._dialogs.adjust,
            "variants": self._dialogs.show_variants,
            "hints": self._commands.make_hints,
            "paint_first": self._commands.paint_first,
            "recolor": self._dialogs.recolor,
            "known": self._dialogs.note_known_color,
            "color_like": self._dialogs.color_like,
            "uncertainty": self._commands.show_doubt,
            "export": self._dialogs.export,
            "installation": self._installation.show,
        }
        self._colorize, self._again = (self._button(tool) for tool in TOOLS if tool.name in {"colorize", "run_again"})
        self._tools = self._menu()
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._cancel = QtWidgets.QPushButton(_("Cancel"))
        self._rest = QtCore.QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._lay_out()
        self._show_busy(False)
        self._connect()

    def use(self, name):
        """Uses the tool of that name, as its button and its entry in the menu do."""
        self._original.look()  # the document in front may have changed just now
        self._do[name]()

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        # Not within the event: Krita is laying out its windows.
        QtCore.QTimer.singleShot(0, self._installation.show_if_due)

    def _connect(self):
        self._controls.changed.connect(self._changed)
        self._controls.more.connect(self._more.show)
        self._rest.timeout.connect(self._preview.refresh)
        self._commands.busy.connect(self._show_busy)
        self._commands.progressed.connect(self._show_progress)
        self._commands.refused.connect(self._say)
        self._commands.told.connect(document.announce)
        self._target.looked.connect(self._looked)
        self._target.refreshed.connect(self._commands.refresh)
        self._commands.asked.connect(self._ask)
        self._cancel.clicked.connect(self._commands.cancel)
        metadata.on_saved(self._saved)

    def _changed(self):
        preferences.save("settings", self._controls.settings.to_json())
        self._rest.start()

    def _looked(self):
        if not self._preview.is_on:  # which follows together with its picture
            self._original.look()

    def _show_busy(self, busy):
        self._show_progress(0, _("Reading the layer"))
        self._target.setEnabled(not busy)
        # One line in the place of the other: the docker needs no more room while it works.
        for button in (self._colorize, self._again, self._tools):
            button.setVisible(not busy)
        for shown in (self._bar, self._cancel):
            shown.setVisible(busy)

    def _show_progress(self, fraction, message):
        self._bar.setValue(round(1000 * fraction))
        self._bar.setFormat(f"{message}…")

    def _saved(self, file):
        """After Krita has written a file."""
        now = document.active()
        made_by = metadata.makers(now) if now is not None and self._metadata.wanted and self.isVisible() else []
        if made_by:
            self._exports.offer(file, made_by, written(known.given(now)))

    def _say(self, text):
        """Opens a box without waiting for the answer, which would block Krita."""
        box = self._box(QtWidgets.QMessageBox.Icon.Warning, text)
        box.open()

    def _ask(self, text, question, choices):
        box = self._box(QtWidgets.QMessageBox.Icon.Question, text)
        box.setInformativeText(question)
        for label, do in choices:
            button = box.addButton(label, QtWidgets.QMessageBox.ButtonRole.AcceptRole)
            button.clicked.connect(lambda _checked, do=do: do())
        box.addButton(QtWidgets.QMessageBox.StandardButton.Cancel)
        box.open()

    def _box(self, icon, text):
        box = QtWidgets.QMessageBox(self.window())
        box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(icon)
        box.setWindowTitle("Photochrom")
        box.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        box.setText(readable(text))
        return box

    def _button(self, tool):
        button = QtWidgets.QPushButton(tool.label)
        button.setToolTip(tool.help)
        button.clicked.connect(lambda _checked: self.use(tool.name))
        return button

    def _menu(self):
        """The tools behind one button: the docker is low on small screens."""
        menu = QtWidgets.QMenu(self)
        menu.setToolTipsVisible(True)
        for tool in TOOLS:
            if tool.in_menu:
                action = menu.addAction(tool.label)
                action.setObjectName(tool.id)
                action.setToolTip(tool.help)
                action.triggered.connect(lambda _checked, name=tool.name: self.use(name))
        button = QtWidgets.QPushButton(_("Tools"))
        button.setMenu(menu)
        return button

    def _lay_out(self):
        inside = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        for widget in (self._target, self._controls, self._layer, self._metadata):
            box.addWidget(widget)
        box.addStretch(1)
        scrolled = QtWidgets.QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        # In some languages it is wider than the buttons below, and nothing would scroll to what is cut off.
        bar = scrolled.verticalScrollBar().sizeHint().width()
        scrolled.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        scrolled.setMinimumHeight(LEAST_CONTROLS)
        whole = QtWidgets.QVBoxLayout(self)
        # The preview does not scroll, and has what room the controls leave.
        whole.addWidget(self._preview, 1)
        whole.addWidget(scrolled, 1)
        line = QtWidgets.QHBoxLayout()
        for button in (self._colorize, self._again, self._tools):
            line.addWidget(button, 1)
        whole.addLayout(line)
        whole.addWidget(self._exports)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._cancel)
        whole.addLayout(line)


def _saved_settings():
    """Those of the last session; the default without any."""
    try:
        return Settings.from_json(preferences.saved("settings", "")).plain()
    except ValueError:
        return Settings()
