"""What the docker's buttons do with the document in front, one command at a time."""

import threading
from contextlib import nullcontext
from typing import Any, NamedTuple

from . import document, doubt, exporting, guidance, hints, known, metadata, sources
from .coloring import Empty, colored
from .errors import EMPTY, Unsuitable
from .layer_option import FOLLOWING, LAB, LayerOption
from .origins import fingerprint, recall, remember
from .photochrom_client import Cancelled, EngineError, Unexpected
from .photochrom_client import translated as _
from .photochrom_client.given import object_of, written
from .photochrom_client.kit.texts import layer_name, ours
from .pixels import Converter, Space, pixels_of
from .qt import QtCore
from .reduced import with_tint
from .sources import HINTS
from .task import Task

BUSY = _("Photochrom is already working. Wait until it has finished, or press Cancel.")
TWICE = _("This is a separate undo step: undo twice to take everything back.")
GRAY = _("This document is grayscale, which cannot hold color.")
TO_LAB = _("Convert to Lab 16 Bit")
TO_RGB = _("Convert to RGB")
SELECTED_HERE = _(
    "Paint colors on the hints layer where the selection is. Undo does not take the selection back: "
    "Select ▸ Deselect does."
)


class Target(NamedTuple):
    """What is colored: the photograph's layer in a document, and the space of its colors, to which the document is
    converted."""

    document: Any
    source: Any
    space: Space


class Commands(QtCore.QObject):
    """`controls` have the settings, `layer` how colors lie over the photograph; results go into the `history`;
    `metadata_wanted()` tells whether documents get a note.

    Emitted are `busy` at a command's start (True) and end (False), `progressed` (0…1, text), `refused` and `told`
    (text), and `asked` (text, question, pairs of a button's label and the function to call if it is pressed).
    """

    busy = QtCore.pyqtSignal(bool)
    progressed = QtCore.pyqtSignal(float, str)
    refused = QtCore.pyqtSignal(str)
    told = QtCore.pyqtSignal(str)
    asked = QtCore.pyqtSignal(str, str, list)

    def __init__(self, plugin_folder, controls, layer: LayerOption, history, metadata_wanted):
        super().__init__()
        self._folder = plugin_folder
        self._controls = controls
        self._layer = layer
        self._history = history
        self._metadata_wanted = metadata_wanted
        self._running: Task | None = None

    def colorize(self):
        """Colors the photograph of the document in front with the settings shown. While its hints are painted, its
        colors are replaced."""
        self.on_photograph(self._colorize)

    def run_again(self):
        """Colors the photograph with the settings of the selected layer; while hints are painted, in its place."""
        now = document.active()
        node = now and now.activeNode()
        if node and node.name() == HINTS:
            source = sources.photograph_or_none(now)
            node = source and next(sources.whole_colors_of(now, source), None)
        origin = node and recall(now, node)
        if not origin:
            self.refused.emit(_("Select a layer that Photochrom made: its settings are used again."))
            return
        self._controls.set(origin.settings.plain()._replace(original=origin.settings.original))
        painting = now.activeNode().name() == HINTS
        old = node if painting else None
        self.on_photograph(lambda target: self.color(target, [origin.settings], replaced=old, painting=painting))

    def refresh(self):
        """Replaces colors that hold the lightness of the photograph before it was changed."""
        self.on_photograph(self._refresh)

    def make_hints(self):
        """Shows and selects the layer that hints are painted on."""
        self.on_photograph(lambda target: self._run(self._hints(target, self._controls.settings)), colors=False)

    def show_doubt(self):
        """Adds a layer that shows where the colorizer is unsure."""
        self.on_photograph(lambda target: self._run(self._doubt(target, self.settings_of_colors(target))), colors=False)

    def paint_first(self):
        """Selects where a hint helps most, and the hints layer."""
        self.on_photograph(lambda target: self._run(self._first(target, self.settings_of_colors(target))), colors=False)

    def export(self, now, path):
        """Writes a file for another program."""
        if self._running is not None:
            self.refused.emit(BUSY)
        elif not document.is_open(now):
            self.refused.emit(_("The photograph is no longer open. Open it and try again."))
        else:
            self._run(self._export(now, path))

    def cancel(self):
        """Stops the running command; the document is as it was."""
        if self._running is not None:
            self._running.cancel()

    def on_photograph(self, command, *, colors=True):
        """Calls `command(target)` of a `Target`, after a question where the document must be converted. Without
        `colors` the command needs nothing but a document that is not gray."""
        if self._running is not None:
            self.refused.emit(BUSY)
            return
        now = document.active()
        try:
            source = sources.photograph_of(now)
            document.check_model(now)
            if colors:
                sources.check_place(now, source)
        except Unsuitable as error:
            self.refused.emit(str(error))
            return

        def in_model(model):
            return lambda: command(Target(now, source, document.space_for(now, model)))

        if now.colorModel() == "GRAYA":
            question = _(
                "In Lab the colors follow all your later retouching; in RGB they fit the photograph as it is now."
            )
            choices = [(TO_LAB, in_model("LABA")), (TO_RGB, in_model("RGBA"))]
            self.asked.emit(GRAY, f"{question} {TWICE}", choices)
        elif now.colorModel() == "RGBA" and colors and self._layer.wanted == LAB:
            text = _("Convert this document to Lab? Its colors then follow all your later retouching.")
            question = _("Layers with blending modes may look different in Lab.")
            self.asked.emit(text, f"{question} {TWICE}", [(TO_LAB, in_model("LABA"))])
        else:
            in_model("RGBA")()

    def color_if_free(self, target, wishes, reference=None, replaced=None):
        """As `color`, some time after the user has chosen the photograph."""
        if self._running is not None:
            self.refused.emit(BUSY)
        elif not document.is_open(target.document) or target.source.parentNode() is None:
            self.refused.emit(_("The photograph is no longer open. Open it and try again."))
        else:
            self.color(target, wishes, reference, replaced)

    def color(self, target, wishes, reference=None, replaced=None, painting=False):
        """Adds a layer of colors for each of the `Settings` in `wishes`, or puts the only one in the place of the layer
        `replaced`. `reference` as in `guidance.collect`. While the user is `painting` hints, these stay selected."""
        self._run(self._color(target, wishes, reference, replaced, painting))

    def settings_shown(self, target):
        """Those that are shown; but what was scanned is as the photograph's colors say, if it has any."""
        original = sources.original_of(target.document, target.source)
        shown = self._controls.settings
        return shown if original is None else shown._replace(original=original)

    def settings_of_colors(self, target):
        """Those of the selected color layer, else `settings_shown`."""
        node = target.document.activeNode()
        origin = recall(target.document, node) if node is not None and node.name() != HINTS else None
        own = origin.settings if origin and origin.colors and origin.settings.object is None else None
        return self.settings_shown(target) if own is None else own

    def _colorize(self, target):
        now, source, _space = target
        painting = now.activeNode().name() == HINTS
        old = next(sources.whole_colors_of(now, source), None) if painting else None
        self.color(target, [self._controls.settings], replaced=old, painting=painting)

    def _refresh(self, target):
        stale = sources.stale_colors_of(target.document, target.source)
        if stale:
            self._run(self._color_anew(target, stale))

    def _color_anew(self, target, stale):
        for layer in stale:
            yield from self._color(target, [recall(target.document, layer).settings], None, layer, True)

    def _run(self, steps):
        self._running = Task(steps, on_done=self._end, on_error=self._failed)
        self.busy.emit(True)

    def _end(self, text=None):
        self._running = None
        self.busy.emit(False)
        if text:
            self.told.emit(text)

    def _failed(self, error):
        self._end()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Empty):
            error = Unsuitable(EMPTY)
        if not isinstance(error, (EngineError, Unsuitable)):
            error = Unexpected(error)
        self.refused.emit(str(error))

    def _color(self, target, wishes, reference, replaced, painting):
        """Steps. The document changes only at the end."""
        yield 0
        now, source, space = target
        active = now.activeNode()
        above = sources.place_for(now, source)
        frame, seen = document.frame_of(now, source), fingerprint(source)
        pixels = pixels_of(source)
        with Converter() as converter:
            given = yield from guidance.collect(now, pixels.rectangle, wishes, converter, reference, replaced)
            wishes = yield from with_tint(wishes, source, converter)
            options = [wish.options() for wish in wishes]
            results = yield from colored(pixels, converter, space, given, options, self._folder, self.progressed.emit)
        document.check_present(now, above, source, *([replaced] if replaced else []))
        document.check_frame(now, source, frame)
        unchanged = fingerprint(source) == seen
        mode = "color" if self._layer.wanted == FOLLOWING and space.model == "RGBA" else "normal"
        objects = any(wish.object is not None for wish in wishes)  # then a selection has shown one
        new = [
            document.NewLayer(layer_name(job, wish.object is not None), bands, masked=not objects, mode=mode)
            for wish, (job, bands) in zip(wishes, results, strict=True)
        ]
        made_by = [job.made_by for job, _bands in results]
        given = written([*filter(None, map(object_of, wishes)), *known.given(now)])
        with metadata.carrier(now, space, made_by, given) if self._metadata_wanted() else nullcontext() as first:
            if replaced:
                layers = [document.put_in_place(now, replaced, space, pixels.rectangle, new[0], first)]
            else:
                group = ours(_("Objects") if objects else _("Variants"))
                layers = document.add(now, above, space, pixels.rectangle, new, group, first, not objects)
        seen = fingerprint(source) if unchanged else seen  # it differs after a conversion of the document
        for layer, wish, maker in zip(layers, wishes, made_by, strict=True):
            remember(now, layer, source, wish, maker, seen, sources.is_live(layer))
        self._keep(document.name_of(now), [(each.name, wish) for each, wish in zip(new, wishes, strict=True)])
        if painting and active is not None and active.name() == HINTS and active.parentNode() is not None:
            now.refreshProjection()
            yield from document.select(now, active)
        else:
            hints.put_away(now)
            yield from document.select(now, layers[0])

    def _keep(self, picture, results):
        """Adds the results to the history, the first one in front."""

        def add():
            for name, settings in reversed(results):
                self._history.add(picture, name, settings)

        threading.Thread(target=add, name="photochrom-history").start()

    def _doubt(self, target, settings):
        yield 0
        now, source, space = target
        active = now.activeNode()
        yield from doubt.show(now, source, space, settings, self._folder, self.progressed.emit)
        # The next command is for the photograph, not for the map; an earlier one may have been selected.
        yield from document.select(now, source if active is None or active.parentNode() is None else active)

    def _export(self, now, path):
        note = self._metadata_wanted()
        yield from exporting.export(now, path, note=note, folder=self._folder, show=self.progressed.emit)
        return _("Written: {file}").format(file=path)

    def _first(self, target, settings):
        yield 0
        yield from doubt.select(target.document, target.source, settings, self._folder, self.progressed.emit)
        document.outline_selection(target.document)
        yield from self._hints(target, settings)
        return SELECTED_HERE

    def _hints(self, target, settings):
        now, source, space = target
        document.convert(now, space)
        layer = hints.make(now, source, settings)
        now.refreshProjection()
        yield from document.select(now, layer)
