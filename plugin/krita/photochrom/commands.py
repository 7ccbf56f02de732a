"""What the docker's buttons do with the document in front, one command at a time."""

import threading
from contextlib import nullcontext

from . import document, doubt, guidance, hints, metadata
from .coloring import Empty, colored
from .errors import EMPTY, Unsuitable
from .photochrom_client import Cancelled, EngineError, Unexpected
from .photochrom_client import translated as _
from .pixels import Converter, pixels_of
from .qt import QtCore
from .reduced import with_tint
from .task import Task

BUSY = _("Photochrom is already working. Wait until it has finished, or press Cancel.")


class Commands(QtCore.QObject):
    """`controls` have the settings; results go into the `history`; `metadata_wanted()` tells whether documents get a
    note.

    Emitted are `busy` at a command's start (True) and end (False), `progressed` (0…1, text), `refused` (text), and
    `asked` (text, question, label of the button, function to call if the user agrees).
    """

    busy = QtCore.pyqtSignal(bool)
    progressed = QtCore.pyqtSignal(float, str)
    refused = QtCore.pyqtSignal(str)
    asked = QtCore.pyqtSignal(str, str, str, object)

    def __init__(self, plugin_folder, controls, history, metadata_wanted):
        super().__init__()
        self._folder = plugin_folder
        self._controls = controls
        self._history = history
        self._metadata_wanted = metadata_wanted
        self._running: Task | None = None

    def colorize(self):
        """Colors the photograph of the document in front with the settings shown."""
        self.on_photograph(
            lambda now, source: self.color(now, source, [self._controls.settings]), _("Convert and Colorize")
        )

    def run_again(self):
        """Colors the photograph with the settings of the selected layer."""
        now = document.active()
        node = now and now.activeNode()
        if node and node.name() == document.HINTS:
            source = photograph_or_none(now)
            node = source and next(document.colors_of(now, source), None)
        origin = node and document.recall(now, node)
        if not origin:
            self.refused.emit(_("Select a layer that Photochrom made: its settings are used again."))
            return
        self._controls.set(origin.settings.plain())
        self.on_photograph(lambda now, source: self.color(now, source, [origin.settings]), _("Convert and Colorize"))

    def make_hints(self):
        """Shows and selects the layer that hints are painted on."""
        self.on_photograph(lambda now, source: self._run(self._hints(now, source, self._controls.settings)))

    def show_doubt(self):
        """Adds a layer that shows where the colorizer is unsure."""
        self.on_photograph(lambda now, source: self._run(self._doubt(now, source, self.settings_of_colors(now))))

    def paint_first(self):
        """Selects where a hint helps most, and the hints layer."""
        self.on_photograph(lambda now, source: self._run(self._first(now, source, self.settings_of_colors(now))))

    def cancel(self):
        """Stops the running command; the document is as it was."""
        if self._running is not None:
            self._running.cancel()

    def on_photograph(self, command, yes=None):
        """Calls `command(document, photograph)`, for a gray document after the question whether it may become RGB."""
        if self._running is not None:
            self.refused.emit(BUSY)
            return
        now = document.active()
        try:
            source = document.photograph_of(now)
            is_gray = document.check_model(now)
        except Unsuitable as error:
            self.refused.emit(str(error))
            return
        if is_gray:
            self.asked.emit(
                _("This document is grayscale, which cannot hold color."),
                _("Convert it to RGB? This is a separate undo step: undo twice to take everything back."),
                yes or _("Convert"),
                lambda: command(now, source),
            )
        else:
            command(now, source)

    def color_if_free(self, now, source, wishes, reference=None):
        """As `color`, some time after the user has chosen the photograph."""
        if self._running is not None:
            self.refused.emit(BUSY)
        elif not document.is_open(now) or source.parentNode() is None:
            self.refused.emit(_("The photograph is no longer open. Open it and try again."))
        else:
            self.color(now, source, wishes, reference)

    def color(self, now, source, wishes, reference=None):
        """Adds a layer of colors for each of the `Settings` in `wishes`. `reference` as in `guidance.collect`."""
        self._run(self._color(now, source, wishes, reference))

    def settings_of_colors(self, now):
        """Those of the selected color layer, else those that are shown."""
        node = now.activeNode()
        origin = document.recall(now, node) if node.name() != document.HINTS else None
        settings = origin.settings if origin else self._controls.settings
        return settings if settings.object is None else self._controls.settings

    def _run(self, steps):
        self._running = Task(steps, on_done=lambda _result: self._end(), on_error=self._failed)
        self.busy.emit(True)

    def _end(self):
        self._running = None
        self.busy.emit(False)

    def _failed(self, error):
        self._end()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Empty):
            error = Unsuitable(EMPTY)
        if not isinstance(error, (EngineError, Unsuitable)):
            error = Unexpected(error)
        self.refused.emit(str(error))

    def _color(self, now, source, wishes, reference):
        """Steps. The document changes only at the end."""
        yield 0
        space = document.space_for(now)
        above = document.place_for(now, source)
        pixels = pixels_of(source)
        with Converter() as converter:
            given = yield from guidance.collect(now, pixels.rectangle, wishes, converter, reference)
            wishes = yield from with_tint(wishes, source, converter)
            options = [wish.options() for wish in wishes]
            results = yield from colored(pixels, converter, space, given, options, self._folder, self.progressed.emit)
        document.check_present(now, above, source)
        new = [
            document.NewLayer(f"Photochrom ({_name(wish, job)})", bands, masked=wish.object is None)
            for wish, (job, bands) in zip(wishes, results, strict=True)
        ]
        made_by = [job.made_by for job, _bands in results]
        with metadata.carrier(now, space, made_by) if self._metadata_wanted() else nullcontext() as first:
            layers = document.add(now, above, space, pixels.rectangle, new, _("Photochrom variants"), first)
        for layer, wish, maker in zip(layers, wishes, made_by, strict=True):
            document.remember(now, layer, source, wish, maker)
        self._keep(document.name_of(now), [(each.name, wish) for each, wish in zip(new, wishes, strict=True)])
        hints.put_away(now)
        yield from document.select(now, layers[0])

    def _keep(self, picture, results):
        """Adds the results to the history, the first one in front."""

        def add():
            for name, settings in reversed(results):
                self._history.add(picture, name, settings)

        threading.Thread(target=add, name="photochrom-history").start()

    def _doubt(self, now, source, settings):
        yield 0
        layer = yield from doubt.show(now, source, settings, self._folder, self.progressed.emit)
        yield from document.select(now, layer)

    def _first(self, now, source, settings):
        yield 0
        yield from doubt.select(now, source, settings, self._folder, self.progressed.emit)
        yield from self._hints(now, source, settings)

    def _hints(self, now, source, settings):
        document.make_rgb(now)
        layer = hints.make(now, source, settings)
        now.refreshProjection()
        yield from document.select(now, layer)


def photograph_or_none(now):
    """As `document.photograph_of`; None instead of `Unsuitable`."""
    try:
        return document.photograph_of(now)
    except Unsuitable:
        return None


def _name(settings, job):
    """What a layer of colors is named after."""
    return _("recolored") if settings.object is not None else job.title or job.colorizer
