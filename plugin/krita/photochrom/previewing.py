"""The preview of the selected layer, kept up to date while somebody looks at it."""

import threading

from . import document, hints
from .coloring import planes_of
from .photochrom_client.kit.preview import Previewer, Reduced, scale_for
from .photochrom_client.settings import Settings
from .planes import picture_of, tint_of
from .qt import QtCore
from .steps import Steps

SHORT_SIDE = 512
"""Short side of what is sent for a preview: more than the engine looks at, so that preview and result agree."""

OVERSAMPLED = 3
"""Krita's thumbnails take single pixels: so much larger ones are smoothed down to what is sent."""

LOOK = 500
"""Milliseconds between two looks at which layer is selected and what is on it: Krita tells nobody."""

LOOK_AT_HINTS = 150
"""Milliseconds between two looks at what is painted as hints: that is looked at while it is painted."""

SMALL = 48


class Previewing(QtCore.QObject):
    """`tell` is called in the main loop with {"before": QImage or None, "why": text}, then with what `Previewer` tells,
    where {"after": QImage, "colorizer": …, "scores": …} is in the place of the preview, and a doubt is a QImage with
    alpha; of an object it is {"object": QImage with alpha, "suggestions": …}."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, plugin_folder, tell):
        super().__init__()
        self._folder = plugin_folder
        self._tell = tell
        self._settings = Settings()
        self._tint = 0.0, 0.0
        self._doubt = False
        self._given = {}
        self._painted = None
        self._painting = None
        self._seen = None
        self._shown = None
        self._reading = None
        self._previewer = None
        self._told.connect(self._hear)  # it comes from another thread
        self._timer = QtCore.QTimer()
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)
        self._hints_timer = QtCore.QTimer()
        self._hints_timer.setInterval(LOOK_AT_HINTS)
        self._hints_timer.timeout.connect(self._look_at_hints)

    def start(self):
        self._shown = None
        self._look()
        self._timer.start()
        self._hints_timer.start()

    def stop(self):
        self._timer.stop()
        self._hints_timer.stop()
        self._close()

    def give(self, **planes):
        """What the previews go by from now on beside the layer, as `Previewer.give` wants it."""
        self._given.update(planes)
        if self._previewer is not None:
            self._previewer.give(**planes)

    def want(self, settings):
        """Asks for a preview with these instead of any other."""
        self._settings = settings
        if self._previewer is not None:
            tint = self._tint if settings.tint is None else settings.tint
            doubt = self._doubt and settings.object is None
            self._previewer.want(settings._replace(tint=tint).options(), doubt)

    def tell_doubt(self, on):
        """Whether the doubt is asked for, too."""
        if on != self._doubt:
            self._doubt = on
            self.want(self._settings)

    def _look(self):
        """Begins anew when there is another layer, or something else on it, and it has been so for two looks."""
        try:
            node = document.photograph_of(document.active())
            seen: object = (
                node.uniqueId().toString(),
                document.bounds_of(node),
                document.thumbnail(node, SMALL, SMALL),
            )
        except document.Unsuitable as error:
            node, seen = None, str(error)
        rests, self._seen = seen == self._seen or self._shown is None, seen
        if rests and seen != self._shown:
            self._shown = seen
            self._close()
            if node is None:
                self._tell({"before": None, "why": seen})
            else:
                self._begin(node)

    def _look_at_hints(self):
        """Sends the hints anew when others are painted; the layer itself is with the engine already."""
        if self._previewer is None or self._painting is not None:
            return
        now = document.active()
        if now is None:
            return
        painted = hints.looked_at(now)
        if painted != self._painted:
            self._painted = painted
            self._painting = Steps(self._read_hints(now), self._send_hints, self._without_hints)

    def _read_hints(self, now):
        with document.Converter() as converter:
            source = document.photograph_of(now)
            return (yield from hints.painted(now, document.bounds_of(source), converter))

    def _send_hints(self, painted):
        self._painting = None
        if painted is None and self._given.get("hints") is None:
            return
        self.give(hints=painted)
        self.want(self._settings)

    def _without_hints(self, _error):
        self._painting = None

    def _begin(self, node):
        picture = reduced_picture(node)
        self._tell({"before": picture})
        self._reading = Steps(self._read(node, picture), self._send, lambda error: None)

    def _read(self, node, picture):
        now = document.active()
        painted = hints.looked_at(now)
        with document.Converter() as converter:
            given = yield from hints.painted(now, document.bounds_of(node), converter)
            reduced = yield from reduced_of(picture, converter)
            self._tint = yield from tint_of(picture, converter)
        self._painted, self._given["hints"] = painted, given
        return reduced

    def _send(self, reduced):
        self._reading = None
        previewer: Previewer = Previewer(self._folder, reduced, lambda said: self._told.emit((previewer, said)))
        self._previewer = previewer
        self._previewer.give(**self._given)
        self.want(self._settings)

    def _close(self):
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._painting is not None:
            self._painting.cancel()
            self._painting = None
        if self._previewer is not None:
            # It waits for its thread to end, which the windows must not do.
            threading.Thread(target=self._previewer.close, daemon=True).start()
            self._previewer = None

    def _hear(self, told):
        previewer, said = told
        if previewer is not self._previewer:  # of a layer that was selected before
            return
        if "preview" in said:
            picture = picture_of(said["preview"])
            if said["preview"].bands == 4:
                said = {"object": picture, "suggestions": said["suggestions"]}
            else:
                said = {"after": picture, "colorizer": said["colorizer"], "scores": said["scores"]}
        elif "doubt" in said:
            said = {"doubt": said["doubt"] and picture_of(said["doubt"])}
        self._tell(said)


def reduced_picture(node):
    """What of a layer is sent for a preview. Raises `Unsuitable` for an empty layer."""
    bounds = document.bounds_of(node)
    scale = scale_for(bounds.width, bounds.height, SHORT_SIDE, 4 * SHORT_SIDE)
    width, height = max(1, round(scale * bounds.width)), max(1, round(scale * bounds.height))
    return document.thumbnail(node, OVERSAMPLED * width, OVERSAMPLED * height).scaled(
        width,
        height,
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    )


def with_tint(wishes, node, converter):
    """Yields as `Steps` wants; returns the `Settings` in `wishes`, with the tint of the layer's paper where that is to
    be measured."""
    if all(wish.tint is not None for wish in wishes):
        return wishes
    tint = yield from tint_of(reduced_picture(node), converter)
    return [wish if wish.tint is not None else wish._replace(tint=tint) for wish in wishes]


def reduced_of(picture, converter):
    """Yields as `Steps` wants; returns the client's `Reduced` of a picture."""
    pixels = document.pixels_of_picture(picture)
    lightness, _ = yield from planes_of(pixels, converter, lambda part: None)
    return Reduced(picture.width(), picture.height(), b"".join(lightness), None)
