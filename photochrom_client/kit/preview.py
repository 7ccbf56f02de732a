"""The engine's preview of a layer, made beside the dialog so that the dialog never waits."""

import threading
from typing import NamedTuple

from ..engine import connect
from ..errors import Cancelled, EngineError, RequestRefused, Unexpected


class Reduced(NamedTuple):
    """A layer made small: `lightness` is "CIE L float" (4 · width · height bytes)."""

    width: int
    height: int
    lightness: bytes
    icc: bytes | None


class Previewer:
    """Asks the engine for previews, always for the newest options, older ones being dropped.

    `tell` is called on the previewer's own thread with a dict: {"working": message}, {"colorizers": […],
    "segmenters": […]}, {"preview": Preview, "colorizer": name, "scores": the client's `Job.shares`, "suggestions"},
    {"doubt": Preview of where the colorizer guessed, None of one that cannot say} or {"error": EngineError}.
    """

    def __init__(self, plugin_folder, layer, tell):
        self._folder = plugin_folder
        self._layer = layer
        self._tell = tell
        self._changed = threading.Condition()
        self._wanted = None
        self._given = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="photochrom-preview", daemon=True)
        self._thread.start()

    def want(self, options, doubt=False):
        """Asks for a preview with these options instead of any other; after it for its `doubt`."""
        with self._changed:
            self._wanted = dict(options), doubt
            self._changed.notify()

    def give(self, **planes):
        """What the next previews go by beside the layer: `hints`, `selection`, `reference`, each as (width, height,
        bytes) for the client's `hint`, `select`, `refer`; None takes hints back."""
        with self._changed:
            self._given.update(planes)

    def close(self):
        """Stops the work, the engine's too, and waits until it has stopped."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(5)

    def _run(self):
        sent, has = None, {}
        while (wanted := self._next()) is not None:
            options, doubt = wanted
            # The engine may have let the layer go, or may have ended, while the dialog was open: once more then.
            last_try = sent is None
            while True:
                try:
                    if sent is None:
                        sent, has = self._send(), {}
                    self._complete(sent, has)
                    job = sent.colorize(options, self._go_on)
                    told = {"colorizer": job.colorizer, "scores": job.shares, "suggestions": job.suggestions}
                    self._tell({"preview": job.preview(), **told})
                    if doubt and not self._outdated():
                        self._tell({"doubt": _doubt_of(job)})
                except Cancelled:
                    pass
                except EngineError as error:
                    sent = None
                    if not last_try:
                        last_try = True
                        continue
                    self._tell({"error": error})
                except Exception as error:  # on a thread nobody would hear of it
                    sent = None
                    self._tell({"error": Unexpected(error)})
                break
        if sent is not None:
            sent.close()

    def _send(self):
        engine = connect(self._folder, self._go_on)
        self._tell({"colorizers": engine.colorizers(), "segmenters": engine.segmenters()})
        return engine.upload(
            self._layer.width,
            self._layer.height,
            [self._layer.lightness],
            icc=self._layer.icc,
            on_progress=self._go_on,
        )

    def _complete(self, sent, has):
        """Sends what was given and the engine does not have yet; `has` is what it has."""
        with self._changed:
            given = dict(self._given)
        send = {"hints": sent.hint, "selection": sent.select, "reference": sent.refer}
        for what, planes in given.items():
            if planes is has.get(what):
                continue
            if planes is not None:
                send[what](*planes)
            elif what == "hints":
                sent.unhint()
            has[what] = planes

    def _next(self):
        """What `want` was called with last, as soon as it was; None when the dialog is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._closed else wanted

    def _go_on(self, _fraction, message):
        """Progress for the client: False as soon as something newer is wanted."""
        if self._outdated():
            return False
        self._tell({"working": message})
        return True

    def _outdated(self):
        with self._changed:
            return self._closed or self._wanted is not None


def _doubt_of(job):
    try:
        return job.doubt()
    except RequestRefused:
        return None


def fit(width, height, most_width, most_height):
    """The largest size with the same proportions, at least 1×1, that is not above the picture's own nor the bounds."""
    scale = min(1.0, most_width / width, most_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def scale_for(width, height, short_side, long_side):
    """The factor (at most 1) that brings the short side down to `short_side`, or the long one to `long_side`."""
    return min(1.0, short_side / min(width, height), long_side / max(width, height))
