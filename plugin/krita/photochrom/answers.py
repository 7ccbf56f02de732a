"""One answer after the other to the same photograph, beside the dialog that shows them. Knows nothing of Krita."""

import threading

from . import variants
from .photochrom_client import Cancelled, EngineError, JobFailed, connect


class Answers:
    """Works on a thread of its own.

    `tell` is called there with {"working": message}, {"key", "title", "preview"} for each, {"error": EngineError}, and
    {} when all have come.
    """

    def __init__(self, plugin_folder, layer, given, settings, tell):
        self._folder = plugin_folder
        self._layer = layer
        self._given = given
        self._settings = settings
        self._tell = tell
        self._closed = threading.Event()
        threading.Thread(target=self._run, name="photochrom-variants", daemon=True).start()

    def stop(self):
        """Ends the work, the engine's too; nothing more is told."""
        self._closed.set()

    def _run(self):
        try:
            self._ask()
        except Cancelled:
            pass
        except EngineError as error:
            if not self._closed.is_set():
                self._tell({"error": error})

    def _ask(self):
        engine = connect(self._folder, self._go_on)
        layer = self._layer
        with engine.upload(layer.width, layer.height, [layer.lightness], icc=layer.icc) as sent:
            send = {"hints": sent.hint, "selection": sent.select, "reference": sent.refer}
            for what, planes in self._given.items():
                send[what](*planes)
            names = [each.name for each in engine.colorizers()]
            for key in variants.keys(self._count(sent), names):
                job = sent.colorize(variants.settings_of(self._settings, key).wish(), self._go_on)
                said = {"key": key, "title": variants.title(key, job.title), "preview": job.preview()}
                if self._closed.is_set():
                    return
                self._tell(said)
        self._tell({})

    def _count(self, sent):
        """How many variants there are: the engine counts them when it is asked for one, and fails if there is none."""
        try:
            return sent.colorize(variants.settings_of(self._settings, "1").wish(), self._go_on).variants
        except JobFailed as failed:
            if failed.code != "bad-request":
                raise
            return 0

    def _go_on(self, _fraction, message):
        if not self._closed.is_set():
            self._tell({"working": message})
        return not self._closed.is_set()
