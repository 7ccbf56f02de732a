"""The source of the docker's preview: follows the selected layer and its hints, and asks the engine."""

import threading
from typing import NamedTuple

from . import document, hints, sources
from .errors import Unsuitable
from .photochrom_client import Suggestion
from .photochrom_client.kit.guidance import Guidance, Raster
from .photochrom_client.kit.preview import Colored, Doubt, Previewer
from .photochrom_client.settings import Settings
from .pixels import Converter, bounds_of, thumbnail
from .planes import picture_of, tint_of
from .qt import QtCore, QtGui
from .reduced import reduced_of, reduced_picture
from .task import Task

LAYER_INTERVAL = 500
"""Milliseconds between two looks at the selected layer and its content: Krita has no signal for either."""

HINTS_INTERVAL = 150
"""Milliseconds between two looks at the hints: strokes should show quickly."""

SMALL = 48


class Before(NamedTuple):
    """The photograph; without a `picture`, `why` there is none."""

    picture: QtGui.QImage | None
    why: str = ""


class After(NamedTuple):
    """The photograph in color; the other fields as in the kit's `Colored`."""

    picture: QtGui.QImage
    colorizer: str
    scores: dict[str, float]
    noticed: str


class Recolored(NamedTuple):
    """One object in its color, with alpha, and other colors for it."""

    picture: QtGui.QImage
    suggestions: list[Suggestion]


class Heat(NamedTuple):
    """Where the colorizer is unsure, with alpha; None where it cannot tell."""

    picture: QtGui.QImage | None


class PreviewSource(QtCore.QObject):
    """`tell` is called in the main loop with a `Before`, then with `After`, `Recolored` and `Heat`, and with the kit's
    `Working`, `Choices` and `Failed`."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, plugin_folder, tell):
        super().__init__()
        self._folder = plugin_folder
        self._tell = tell
        self._settings = Settings()
        self._tint = 0.0, 0.0
        self._doubt = False
        self._guidance = Guidance()
        self._hints_seen = None
        self._reading_hints: Task | None = None
        self._seen: object = None
        self._shown: object = None
        self._reading: Task | None = None
        self._previewer: Previewer | None = None
        self._told.connect(self._hear)  # emitted on another thread
        self._timer = QtCore.QTimer()
        self._timer.setInterval(LAYER_INTERVAL)
        self._timer.timeout.connect(self._check_layer)
        self._hints_timer = QtCore.QTimer()
        self._hints_timer.setInterval(HINTS_INTERVAL)
        self._hints_timer.timeout.connect(self._check_hints)

    @property
    def settled(self):
        """Whether the selected layer and its hints are those that have been sent."""
        return self._reading is None and self._reading_hints is None and self._seen == self._shown

    def start(self):
        self._shown = None
        self._check_layer()
        self._timer.start()
        self._hints_timer.start()

    def stop(self):
        self._timer.stop()
        self._hints_timer.stop()
        self._close()

    def give(self, **guidance: Raster | None):
        """Replaces fields of the `Guidance` of the next previews."""
        self._guidance = self._guidance._replace(**guidance)
        if self._previewer is not None:
            self._previewer.give(**guidance)

    def want(self, settings):
        """Asks for a preview with these settings instead of any other."""
        self._settings = settings
        if self._previewer is not None:
            tint = self._tint if settings.tint is None else settings.tint
            doubt = self._doubt and settings.object is None
            self._previewer.want(settings._replace(tint=tint).options(), doubt)

    def want_doubt(self, on):
        """Whether previews come with their doubt."""
        if on != self._doubt:
            self._doubt = on
            self.want(self._settings)

    def _check_layer(self):
        """Starts over for another layer, or another content of it, once that has been the same for two looks."""
        node = None
        try:
            node = sources.photograph_of(document.active())
            seen: object = node.uniqueId().toString(), bounds_of(node), thumbnail(node, SMALL, SMALL)
        except Unsuitable as error:
            node, seen = None, str(error)
        rests, self._seen = seen == self._seen or self._shown is None, seen
        if rests and seen != self._shown:
            self._shown = seen
            self._close()
            if node is None:
                self._tell(Before(None, str(seen)))
            else:
                self._begin(node)

    def _check_hints(self):
        """Sends the hints when others are painted; the engine keeps the layer."""
        if self._previewer is None or self._reading_hints is not None:
            return
        now = document.active()
        if now is None:
            return
        seen = hints.fingerprint(now)
        if seen != self._hints_seen:
            self._hints_seen = seen
            self._reading_hints = Task(self._read_hints(now), self._send_hints, self._drop_hints)

    def _read_hints(self, now):
        with Converter() as converter:
            source = sources.photograph_of(now)
            return (yield from hints.painted(now, bounds_of(source), converter))

    def _send_hints(self, painted):
        self._reading_hints = None
        if painted is None and self._guidance.hints is None:
            return
        self.give(hints=painted)
        self.want(self._settings)

    def _drop_hints(self, _error):
        self._reading_hints = None

    def _begin(self, node):
        picture = reduced_picture(node)
        self._tell(Before(picture))
        self._reading = Task(self._read(node, picture), self._send, lambda error: self._give_up(picture, error))

    def _read(self, node, picture):
        now = document.active()
        seen = hints.fingerprint(now)
        with Converter() as converter:
            painted = yield from hints.painted(now, bounds_of(node), converter)
            reduced = yield from reduced_of(picture, converter)
            self._tint = yield from tint_of(picture, converter)
        self._hints_seen, self._guidance = seen, self._guidance._replace(hints=painted)
        return reduced

    def _give_up(self, picture, error):
        self._reading = None
        self._tell(Before(picture, str(error)))

    def _send(self, reduced):
        self._reading = None
        previewer: Previewer = Previewer(self._folder, reduced, lambda message: self._told.emit((previewer, message)))
        self._previewer = previewer
        self._previewer.give(**self._guidance._asdict())
        self.want(self._settings)

    def _close(self):
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._reading_hints is not None:
            self._reading_hints.cancel()
            self._reading_hints = None
        if self._previewer is not None:
            # Closing waits for a thread to end, which the windows must not do.
            threading.Thread(target=self._previewer.close, daemon=True).start()
            self._previewer = None

    def _hear(self, told):
        previewer, message = told
        if previewer is not self._previewer:  # about a layer that was selected before
            return
        match message:
            case Colored(preview, _colorizer, _scores, suggestions) if preview.bands == 4:
                self._tell(Recolored(picture_of(preview), suggestions))
            case Colored(preview, colorizer, scores, _suggestions, noticed):
                self._tell(After(picture_of(preview), colorizer, scores, noticed))
            case Doubt(heat):
                self._tell(Heat(None if heat is None else picture_of(heat)))
            case _:
                self._tell(message)
