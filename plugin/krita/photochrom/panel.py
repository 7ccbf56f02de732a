"""What is in the docker: the preview, the controls, the buttons and how far the work is."""

import threading
from contextlib import nullcontext
from pathlib import Path

from . import choices, document, doubt, hints, notes
from .before_after import BeforeAfter
from .beside import beside, selection_over
from .coloring import Empty, colored
from .controls import Controls
from .exports import Exports
from .like_dialog import LikeDialog
from .more import MoreColorizers
from .noted import Noted
from .photochrom_client import Cancelled, EngineError, Unexpected
from .photochrom_client import translated as _
from .photochrom_client.kit.history import History
from .photochrom_client.kit.words import NO_DOUBT, colored_by
from .photochrom_client.settings import Settings
from .previewing import Previewing, with_tint
from .qt import QtCore, QtWidgets
from .recolor_dialog import RecolorDialog
from .steps import Steps
from .variants_dialog import VariantsDialog

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""

HISTORY = FOLDER.parents[1] / "photochrom-history.json"
"""Of the last results: in Krita's resource folder, by a path that Krita's Python can read."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


class Panel(QtWidgets.QWidget):
    """One a window of Krita's; one coloring at a time in each."""

    def __init__(self):
        super().__init__()
        self._running = None
        self._dialog = None
        self._history = History(HISTORY)
        self._view = BeforeAfter()
        self._status = QtWidgets.QLabel()
        self._status.setWordWrap(True)
        self._status.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._status.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._preview = QtWidgets.QCheckBox(_("Preview"))
        self._preview.setChecked(choices.saved("preview", "true") == "true")
        self._doubt_shown = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self._doubt_shown.setRange(0, 100)
        self._doubt_shown.setToolTip(_("Fades in where the colorizer guessed: the brighter, the less sure it was"))
        self._controls = Controls(_read(choices.saved("settings", "")), self._history)
        self._wished = lambda: self._controls.settings
        self._colorize = QtWidgets.QPushButton(_("Colorize"))
        self._colorize.setToolTip(_("Adds the colors of the selected layer as a layer above it"))
        self._again = QtWidgets.QPushButton(_("Run again"))
        self._again.setToolTip(_("Colors the photograph once more with the settings of the selected color layer"))
        self._tools = [self._tool(*tool) for tool in self._tools_there_are()]
        self._noted = Noted()
        self._exports = Exports(FOLDER)
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._cancel = QtWidgets.QPushButton(_("Cancel"))
        self._more = MoreColorizers(self, FOLDER, self._controls.list)
        self._previewing = Previewing(FOLDER, self._hear)
        self._rest = QtCore.QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._lay_out()
        self._work(None)
        self._controls.changed.connect(self._changed)
        self._controls.more.connect(self._more.show)
        self._rest.timeout.connect(self._want)
        self._preview.toggled.connect(self._switch_preview)
        self._doubt_shown.valueChanged.connect(self._fade_doubt)
        self._colorize.clicked.connect(self.colorize)
        self._again.clicked.connect(self.run_again)
        self._cancel.clicked.connect(self.cancel)
        notes.on_saved(self._saved)

    def showEvent(self, event):  # noqa: N802  (Qt's name)
        super().showEvent(event)
        self._switch_preview(self._preview.isChecked())

    def hideEvent(self, event):  # noqa: N802
        super().hideEvent(event)
        self._previewing.stop()

    def colorize(self):
        """Colors the photograph of the document in front with the settings shown."""
        self._do(lambda now, source: self._begin(now, source, [self._controls.settings]), _("Convert and colorize"))

    def _do(self, what, yes=None):
        """Calls `what(document, photograph)`, after the question whether a gray document may become RGB."""
        if self._running is not None:
            self._say(_("Photochrom is at work already. Wait for it, or press Cancel."))
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
                _("This document is grayscale, which cannot hold color."),
                _("Convert it to RGB? That is a step of its own for Undo: to take everything back, undo twice."),
                yes or _("Convert"),
                lambda: what(now, source),
            )
        else:
            what(now, source)

    def run_again(self):
        """The same with the settings that made the selected layer."""
        now = document.active()
        node = now and now.activeNode()
        if node and node.name() == document.HINTS:
            source = _or_none(document.photograph_of, now)
            node = source and next(document.colors_of(now, source), None)
        made = node and document.recall(now, node)
        if not made:
            self._say(_("Select a layer that Photochrom has made: its settings are used again."))
            return
        settings = Settings.from_dict(made["settings"])
        self._controls.set(settings.plain())
        self._do(lambda now, source: self._begin(now, source, [settings]), _("Convert and colorize"))

    def make_hints(self):
        """Shows and selects the layer that hints are painted on."""
        self._do(self._make_hints)

    def show_variants(self):
        """Shows other answers to choose from."""
        self._do(self._show_variants)

    def show_doubt(self):
        """Adds a layer that says where the colorizer guessed."""
        self._do(lambda now, source: self._run(self._doubt(now, source, self._settings_of_colors(now))))

    def paint_first(self):
        """Selects where a hint would help most, and the hints layer."""
        self._do(lambda now, source: self._run(self._first(now, source, self._settings_of_colors(now))))

    def color_like(self):
        """Gives the photograph another picture's colors."""
        self._do(self._color_like)

    def recolor(self):
        """Gives one object another color."""
        self._do(self._recolor)

    def cancel(self):
        """Stops the coloring under way; the document is as it was."""
        if self._running is not None:
            self._running.cancel()

    def _begin(self, now, source, wishes, reference=None):
        self._run(self._color(now, source, wishes, reference))

    def _run(self, steps):
        self._work(Steps(steps, on_done=lambda _: self._work(None), on_error=self._failed))

    def _color(self, now, source, wishes, reference):
        """The steps of it. The document changes at the end alone."""
        yield 0
        space = document.space_for(now)
        above = document.place_for(now, source)
        pixels = document.pixels_of(source)
        with document.Converter() as converter:
            given = yield from beside(now, pixels.rectangle, wishes, converter, reference)
            wishes = yield from with_tint(wishes, source, converter)
            found = yield from colored(
                *(pixels, converter, space, given, [wish.options() for wish in wishes]),
                *(FOLDER, self._show_progress),
            )
        document.check_there(now, above, source)
        made = [
            document.Made(f"Photochrom ({_name(wish, job)})", bands, masked=wish.object is None)
            for wish, (job, bands) in zip(wishes, found, strict=True)
        ]
        made_by = [job.made_by for job, _bands in found]
        with notes.carrier(now, space, made_by) if self._noted.wanted else nullcontext() as first:
            layers = document.add(now, above, space, pixels.rectangle, made, _("Photochrom variants"), first)
        for layer, wish, maker in zip(layers, wishes, made_by, strict=True):
            document.remember(now, layer, source, wish, maker)
        self._keep(document.name_of(now), [(each.name, wish) for each, wish in zip(made, wishes, strict=True)])
        hints.put_away(now)
        yield from document.select(now, layers[0])

    def _keep(self, picture, results):
        """Puts the results into the history, the first one in front."""

        def add():
            for name, settings in reversed(results):
                self._history.add(picture, name, settings)

        threading.Thread(target=add, name="photochrom-history").start()

    def _doubt(self, now, source, settings):
        yield 0
        layer = yield from doubt.show(now, source, settings, FOLDER, self._show_progress)
        yield from document.select(now, layer)

    def _first(self, now, source, settings):
        yield 0
        yield from doubt.select(now, source, settings, FOLDER, self._show_progress)
        yield from self._hints(now, source, settings)

    def _hints(self, now, source, settings):
        document.make_rgb(now)
        layer = hints.make(now, source, settings)
        now.refreshProjection()
        yield from document.select(now, layer)

    def _make_hints(self, now, source):
        self._run(self._hints(now, source, self._controls.settings))

    def _show_variants(self, now, source):
        settings = self._settings_of_colors(now)
        dialog = VariantsDialog(self, FOLDER, now, source, settings)
        self._open(dialog)
        dialog.given.connect(lambda: self._begin_if_free(now, source, dialog.chosen))

    def _color_like(self, now, source):
        dialog = LikeDialog(self, now)
        self._open(dialog)

        def wished():
            method = dialog.method if dialog.picture is not None else ""
            return self._controls.settings._replace(reference=method, reference_file=dialog.path)

        def follow():
            if dialog.picture is not None:
                self._previewing.give(reference=dialog.picture)
                self._want()

        self._wished = wished
        dialog.changed.connect(follow)
        dialog.given.connect(lambda: self._begin_if_free(now, source, [wished()], dialog.picture))

    def _recolor(self, now, source):
        dialog = RecolorDialog(self, source, now.selection() is not None)
        self._open(dialog)
        self._preview.setChecked(True)
        self._view.set_pointing(True)
        self._view.pointed.connect(dialog.point)

        def wished():
            return self._controls.settings._replace(object=dialog.object, color=dialog.color, tint=(0.0, 0.0))

        def look():
            try:
                if dialog.object == {"selection": True}:
                    self._previewing.give(selection=selection_over(now, document.bounds_of(source)))
            except document.Unsuitable as error:
                dialog.fail(str(error))
                return
            self._want()

        self._wished = wished
        dialog.changed.connect(look)
        dialog.given.connect(lambda: self._begin_if_free(now, source, [wished()]))
        dialog.finished.connect(lambda _: self._unpoint(dialog))
        if dialog.object is not None:
            look()

    def _unpoint(self, dialog):
        self._view.pointed.disconnect(dialog.point)
        self._view.set_pointing(False)

    def _open(self, dialog):
        """One at a time: the preview follows it."""
        if self._dialog is not None:
            self._dialog.reject()
        self._dialog = dialog
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.show()

    def _forget(self, dialog):
        if self._dialog is dialog:
            self._dialog = None
            self._wished = lambda: self._controls.settings
            self._want()

    def _begin_if_free(self, now, source, wishes, reference=None):
        if self._running is not None:
            self._say(_("Photochrom is at work already. Wait for it, or press Cancel."))
        elif not document.is_open(now) or source.parentNode() is None:
            self._say(_("The photograph is not there any more. Open it and try again."))
        else:
            self._begin(now, source, wishes, reference)

    def _settings_of_colors(self, now):
        """Those of the selected color layer, else those that are shown."""
        node = now.activeNode()
        made = document.recall(now, node) if node.name() != document.HINTS else None
        settings = Settings.from_dict(made["settings"]) if made else self._controls.settings
        return settings if settings.object is None else self._controls.settings

    def _failed(self, error):
        self._work(None)
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Empty):
            error = document.Unsuitable(document.EMPTY)
        if not isinstance(error, (EngineError, document.Unsuitable)):
            error = Unexpected(error)
        self._say(str(error))

    def _work(self, running):
        """Shows whether a layer is being colored."""
        self._running = running
        self._show_progress(0, _("Reading the layer"))
        for widget in (self._bar, self._cancel):
            widget.setVisible(running is not None)
        for widget in (self._colorize, self._again, *self._tools):
            widget.setEnabled(running is None)

    def _show_progress(self, fraction, message):
        self._bar.setValue(round(1000 * fraction))
        self._bar.setFormat(f"{message}…")

    def _saved(self, file):
        """After Krita has written a file."""
        now = document.active()
        made_by = notes.makers(now) if now is not None and self._noted.wanted and self.isVisible() else []
        if made_by:
            self._exports.offer(file, made_by)

    def _want(self):
        self._previewing.want(self._wished())

    def _changed(self):
        choices.save("settings", self._controls.settings.to_json())
        self._rest.start()

    def _switch_preview(self, on):
        choices.save("preview", "true" if on else "false")
        if on and self.isVisible():
            self._want()
            self._previewing.start()
        else:
            self._previewing.stop()
            self._view.show_before(None)
            self._status.setText("")

    def _fade_doubt(self, percent):
        self._view.fade_doubt(percent / 100)
        self._previewing.tell_doubt(percent > 0)

    def _hear(self, said):
        """What the preview tells."""
        if "before" in said:
            self._view.show_before(said["before"])
            self._status.setText("" if said["before"] else said["why"])
            pointed_at = self._dialog.source if isinstance(self._dialog, RecolorDialog) else None
            if pointed_at is not None and _or_none(document.photograph_of, document.active()) != pointed_at:
                self._dialog.reject()  # what is shown is another photograph
        elif "after" in said:
            self._view.show_after(said["after"])
            self._controls.show_scores(said["scores"])
            self._status.setText(_("Colored by {names}.").format(names=colored_by(said["colorizer"], said["scores"])))
        elif "doubt" in said:
            self._view.show_doubt(said["doubt"])
            if said["doubt"] is None:
                self._status.setText(NO_DOUBT)
        elif "object" in said:
            if isinstance(self._dialog, RecolorDialog):
                self._view.show_object(said["object"])
                self._dialog.offer(said["suggestions"])
        elif "colorizers" in said:
            self._controls.list(said["colorizers"], said.get("segmenters"))
        elif "error" in said:
            self._status.setText(_readable(str(said["error"])))
            if isinstance(self._dialog, RecolorDialog):
                self._dialog.fail(_readable(str(said["error"])))
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

    def _tools_there_are(self):
        """Label, tool tip and what is done."""
        return (
            (
                _("Hints Layer"),
                _("Shows the layer on which colors can be painted as hints: every coloring goes by them"),
                self.make_hints,
            ),
            (_("Variants…"), _("Shows other answers to the same photograph, to choose from"), self.show_variants),
            (_("Show Doubt"), _("Adds a layer that shows where the colorizer guessed"), self.show_doubt),
            (
                _("Paint Here First"),
                _("Selects where a color hint would help most, and the hints layer to paint it on"),
                self.paint_first,
            ),
            (_("Color Like…"), _("Gives a photograph the colors of another picture"), self.color_like),
            (_("Recolor Object…"), _("Gives one object of a photograph another color"), self.recolor),
        )

    def _tool(self, label, tool_tip, do):
        button = QtWidgets.QPushButton(label)
        button.setToolTip(tool_tip)
        button.clicked.connect(lambda _checked: do())
        return button

    def _lay_out(self):
        inside = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._view)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._status, 1)
        line.addWidget(self._preview)
        box.addLayout(line)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(QtWidgets.QLabel(_("Show doubt")))
        line.addWidget(self._doubt_shown, 1)
        box.addLayout(line)
        box.addWidget(self._controls)
        box.addWidget(self._noted)
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


def _name(settings, job):
    """What a layer of colors is named after."""
    return _("recolored") if settings.object is not None else job.title or job.colorizer


def _read(text):
    """Settings that were saved; the default where there are none."""
    try:
        return Settings.from_json(text).plain()
    except ValueError:
        return Settings()


def _or_none(find, *given):
    try:
        return find(*given)
    except document.Unsuitable:
        return None


def _readable(text):
    """Krita's Python reads file names as ASCII, whatever they are: what it could not read is put right here."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
