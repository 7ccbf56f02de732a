"""What is in the docker: the preview, the controls, the buttons and how far the work is."""

from functools import partial
from pathlib import Path

from . import document
from .before_after import BeforeAfter
from .colouring import Empty, coloured
from .controls import Controls
from .more import MoreColorizers
from .photochrom_client import Cancelled, EngineError, log_path
from .previewing import Previewing
from .qt import QtCore, QtWidgets
from .settings import fitting, read
from .steps import Steps
from .words import coloured_by

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""

SETTLED = 0.1
"""Seconds after which Krita knows a new layer."""

NOTHING_CHANGED = "The document is as it was."


class Panel(QtWidgets.QWidget):
    """One a window of Krita's; one colouring at a time in each."""

    def __init__(self):
        super().__init__()
        self._running = None
        self._view = BeforeAfter()
        self._status = QtWidgets.QLabel()
        self._status.setWordWrap(True)
        self._status.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._status.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._preview = QtWidgets.QCheckBox("Preview")
        self._preview.setChecked(document.saved("preview", "true") == "true")
        self._controls = Controls(read(document.saved("settings", "")))
        self._colorize = QtWidgets.QPushButton("Colorize")
        self._colorize.setToolTip("Adds the colours of the selected layer as a layer above it")
        self._again = QtWidgets.QPushButton("Run again")
        self._again.setToolTip("Colours the photograph with the settings that made the selected layer")
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._cancel = QtWidgets.QPushButton("Cancel")
        self._more = MoreColorizers(self, FOLDER, self._controls.list)
        self._previewing = Previewing(FOLDER, self._hear)
        self._rest = QtCore.QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._lay_out()
        self._work(None)
        self._controls.changed.connect(self._changed)
        self._controls.more.connect(self._more.show)
        self._rest.timeout.connect(lambda: self._previewing.want(self._controls.settings.wish()))
        self._preview.toggled.connect(self._switch_preview)
        self._colorize.clicked.connect(self.colorize)
        self._again.clicked.connect(self.run_again)
        self._cancel.clicked.connect(self.cancel)

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._switch_preview(self._preview.isChecked())

    def hideEvent(self, event):  # noqa: N802
        super().hideEvent(event)
        self._previewing.stop()

    def colorize(self):
        """Colours the photograph of the document in front with the settings shown."""
        if self._running is not None:
            self._say("Photochrom is at work already. Wait for it, or press Cancel.")
            return
        now = document.active()
        try:
            source = document.photograph_of(now)
            is_gray = document.check_model(now)
        except document.Unsuitable as error:
            self._say(str(error))
            return
        if is_gray:
            self._ask(
                "This document is grayscale, which cannot hold colour.",
                "Convert it to RGB? That is a step of its own for Undo: to take everything back, undo twice.",
                "Convert and colorize",
                partial(self._begin, now, source),
            )
        else:
            self._begin(now, source)

    def run_again(self):
        """The same with the settings that made the selected layer."""
        now = document.active()
        node = now and now.activeNode()
        made = node and document.recall(now, node)
        if not made:
            self._say("Select a layer that Photochrom has made: its settings are used again.")
            return
        self._controls.set(fitting(made["settings"]))
        self.colorize()

    def cancel(self):
        """Stops the colouring under way; the document is as it was."""
        if self._running is not None:
            self._running.cancel()

    def _begin(self, now, source):
        settings = self._controls.settings
        above = now.activeNode() if document.recall(now, now.activeNode()) else source
        self._work(
            Steps(
                self._colour(now, source, above, settings),
                on_done=lambda _: self._work(None),
                on_error=self._failed,
            )
        )

    def _colour(self, now, source, above, settings):
        """The steps of it. The document changes at the end alone."""
        yield 0
        space = document.space_for(now)
        pixels = document.pixels_of(source)
        with document.Converter() as converter:
            colorizer, bands = yield from coloured(
                pixels, converter, space, settings.wish(), FOLDER, self._show_progress
            )
        if not document.is_open(now):
            raise Cancelled("The document was closed.", code="cancelled")
        if above.parentNode() is None or source.parentNode() is None:
            raise document.Unsuitable(f"The layer was removed while its colours were made. {NOTHING_CHANGED}")
        layer = document.add(now, above, f"Photochrom ({colorizer})", space, pixels.rectangle, bands)
        document.remember(now, layer, source, settings)
        yield SETTLED
        if document.is_open(now):
            document.select(now, layer)

    def _failed(self, error):
        self._work(None)
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Empty):
            error = document.Unsuitable(document.EMPTY)
        if isinstance(error, (EngineError, document.Unsuitable)):
            self._say(str(error))
            return
        self._say(
            f"Photochrom met an error that it does not know ({type(error).__name__}: {error}). {NOTHING_CHANGED}\n"
            "Try again; if it happens again, run “photochrom doctor” in a terminal and report what it says.\n"
            f"Log: {log_path()}"
        )

    def _work(self, running):
        """Shows whether a layer is being coloured."""
        self._running = running
        self._show_progress(0, "Reading the layer")
        for widget in (self._bar, self._cancel):
            widget.setVisible(running is not None)
        for widget in (self._colorize, self._again):
            widget.setEnabled(running is None)

    def _show_progress(self, fraction, message):
        self._bar.setValue(round(1000 * fraction))
        self._bar.setFormat(f"{message}…")

    def _changed(self):
        document.save("settings", self._controls.settings.written())
        self._rest.start()

    def _switch_preview(self, on):
        document.save("preview", "true" if on else "false")
        if on and self.isVisible():
            self._previewing.want(self._controls.settings.wish())
            self._previewing.start()
        else:
            self._previewing.stop()
            self._view.show_before(None)
            self._status.setText("")

    def _hear(self, said):
        """What the preview tells."""
        if "before" in said:
            self._view.show_before(said["before"])
            self._status.setText("" if said["before"] else said["why"])
        elif "after" in said:
            self._view.show_after(said["after"])
            self._controls.show_scores(said["scores"])
            self._status.setText(f"Coloured by {coloured_by(said['colorizer'], said['scores'])}.")
        elif "colorizers" in said:
            self._controls.list(said["colorizers"], said.get("segmenters"))
        elif "error" in said:
            self._status.setText(_readable(str(said["error"])))
        else:
            self._status.setText(f"{said['working']}…")

    def _say(self, text):
        """Opens a box and goes on: waiting for it here would hold up Krita."""
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
        box.setText(_readable(text))
        return box

    def _lay_out(self):
        inside = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._view)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._status, 1)
        line.addWidget(self._preview)
        box.addLayout(line)
        box.addWidget(self._controls)
        box.addStretch(1)
        scrolled = QtWidgets.QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        whole = QtWidgets.QVBoxLayout(self)
        whole.addWidget(scrolled, 1)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._colorize, 1)
        line.addWidget(self._again, 1)
        whole.addLayout(line)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._cancel)
        whole.addLayout(line)


def _readable(text):
    """Krita's Python reads file names as ASCII, whatever they are: what it could not read is put right here."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
