"""The preview of the selected layer, kept up to date while somebody looks at it."""

import threading

from . import document
from .colouring import planes_of
from .preview import Previewer, Reduced, scale_for
from .qt import QtCore, QtGui
from .steps import Steps

SHORT_SIDE = 512
"""Short side of what is sent for a preview: more than the engine looks at, so that preview and result agree."""

OVERSAMPLED = 3
"""Krita's thumbnails take single pixels: so much larger ones are smoothed down to what is sent."""

LOOK = 500
"""Milliseconds between two looks at which layer is selected and what is on it: Krita tells nobody."""

SMALL = 48


class Previewing(QtCore.QObject):
    """`tell` is called in the main loop with {"before": QImage or None, "why": text}, then with what `Previewer` tells,
    where {"after": QImage, "colorizer": …, "scores": …} is in the place of the preview."""

    _told = QtCore.pyqtSignal(object)

    def __init__(self, plugin_folder, tell):
        super().__init__()
        self._folder = plugin_folder
        self._tell = tell
        self._options = {}
        self._seen = None
        self._shown = None
        self._reading = None
        self._previewer = None
        self._told.connect(self._hear)  # it comes from another thread
        self._timer = QtCore.QTimer()
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    def start(self):
        self._shown = None
        self._look()
        self._timer.start()

    def stop(self):
        self._timer.stop()
        self._close()

    def want(self, options):
        self._options = options
        if self._previewer is not None:
            self._previewer.want(options)

    def _look(self):
        """Begins anew when there is another layer, or something else on it, and it has been so for two looks."""
        try:
            node = document.photograph_of(document.active())
            seen = (node.uniqueId().toString(), document.bounds_of(node), document.thumbnail(node, SMALL, SMALL))
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

    def _begin(self, node):
        bounds = document.bounds_of(node)
        scale = scale_for(bounds.width, bounds.height, SHORT_SIDE, 4 * SHORT_SIDE)
        width, height = max(1, round(scale * bounds.width)), max(1, round(scale * bounds.height))
        picture = document.thumbnail(node, OVERSAMPLED * width, OVERSAMPLED * height).scaled(
            width,
            height,
            QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
            QtCore.Qt.TransformationMode.SmoothTransformation,
        )
        self._tell({"before": picture})
        self._reading = Steps(self._read(document.pixels_of_picture(picture)), self._send, lambda error: None)

    def _read(self, pixels):
        with document.Converter() as converter:
            lightness, _ = yield from planes_of(pixels, converter, lambda part: None)
        return Reduced(pixels.rectangle.width, pixels.rectangle.height, b"".join(lightness), None)

    def _send(self, reduced):
        self._reading = None
        previewer = Previewer(self._folder, reduced, lambda said: self._told.emit((previewer, said)))
        self._previewer = previewer
        self._previewer.want(self._options)

    def _close(self):
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._previewer is not None:
            # It waits for its thread to end, which the windows must not do.
            threading.Thread(target=self._previewer.close, daemon=True).start()
            self._previewer = None

    def _hear(self, told):
        previewer, said = told
        if previewer is not self._previewer:  # of a layer that was selected before
            return
        if "preview" in said:
            preview = said["preview"]
            picture = QtGui.QImage(
                preview.rgb, preview.width, preview.height, 3 * preview.width, QtGui.QImage.Format.Format_RGB888
            )
            said = {"after": picture.copy(), "colorizer": said["colorizer"], "scores": said["scores"]}
        self._tell(said)
