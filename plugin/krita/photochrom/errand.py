"""A layer's way to the engine and back, on a thread of its own. Knows nothing of Krita."""

import queue
import threading
from typing import NamedTuple

from .photochrom_client import Cancelled, EngineError, connect


class Planes(NamedTuple):
    """A layer for the engine: `lightness` and `alpha` (None: opaque) are lists of bytes, row after row."""

    width: int
    height: int
    lightness: list
    alpha: list
    icc: bytes


class Errand:
    """Has `planes` coloured; strips of `rows` rows come back as they are computed."""

    def __init__(self, plugin_folder, planes, options, rows):
        self._folder = plugin_folder
        self._planes = planes
        self._options = options
        self._rows = rows
        self._stopped = threading.Event()
        self._said = queue.Queue(maxsize=8)
        threading.Thread(target=self._run, name="photochrom-errand", daemon=True).start()

    def heard(self):
        """The next of what came back, None if there is nothing yet.

        {"fraction": 0…1, "message": text}, {"strip": Strip}, and at the end {"colorizer": name}. Raises `EngineError`.
        """
        try:
            said = self._said.get_nowait()
        except queue.Empty:
            return None
        if "error" in said:
            raise said["error"]
        return said

    def stop(self):
        """Ends the work, the engine's too."""
        self._stopped.set()

    def _run(self):
        planes = self._planes
        try:
            engine = connect(self._folder, self._stage(0.0, 0.05))
            with engine.upload(
                planes.width,
                planes.height,
                planes.lightness,
                alpha=planes.alpha,
                icc=planes.icc,
                on_progress=self._stage(0.05, 0.2),
            ) as layer:
                job = layer.colorize(self._options, self._stage(0.2, 0.5))
                for strip in job.strips(self._rows, self._stage(0.5, 1.0)):
                    self._say({"strip": strip})
            self._say({"colorizer": job.colorizer})
        except Cancelled:
            pass
        except EngineError as error:
            self._say({"error": error})
        except Exception as error:  # on a thread nobody would hear of it
            self._say({"error": error})

    def _stage(self, start, end):
        def on_progress(fraction, message):
            part = min(1.0, max(0.0, fraction))
            return self._say({"fraction": start + (end - start) * part, "message": message})

        return on_progress

    def _say(self, said):
        """False when nobody listens any more."""
        while not self._stopped.is_set():
            try:
                self._said.put(said, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False
