"""A layer's way to the engine and back, on a thread of its own. Knows nothing of Krita."""

import queue
import threading
from typing import Any, NamedTuple

from .photochrom_client import Cancelled, EngineError, connect


class Planes(NamedTuple):
    """A layer for the engine: `lightness` and `alpha` (None: opaque) are lists of bytes, row after row."""

    width: int
    height: int
    lightness: list
    alpha: list
    icc: bytes


class Errand:
    """Sends `planes`, and `beside` them what is to be heeded ("hints", "selection", "reference", each as (width,
    height, bytes) for the client's `hint`, `select`, `refer`); then `work(layer, tell, stage)` is done: `tell` takes
    what is to be heard, `stage(start, end)` gives a function for progress."""

    def __init__(self, plugin_folder, planes, beside, work):
        self._folder = plugin_folder
        self._planes = planes
        self._beside = beside
        self._work = work
        self._stopped = threading.Event()
        self._said: queue.Queue[dict[str, Any]] = queue.Queue(maxsize=8)
        threading.Thread(target=self._run, name="photochrom-errand", daemon=True).start()

    def heard(self):
        """The next of what came back, None if there is nothing yet.

        {"fraction": 0…1, "message": text}, what the work tells, and at the end {"done": what the work gave}. Raises
        `EngineError`.
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
                send = {"hints": layer.hint, "selection": layer.select, "reference": layer.refer}
                for what, given in self._beside.items():
                    send[what](*given)
                done = self._work(layer, self._say, self._stage)
            self._say({"done": done})
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


def colors(wishes, rows):
    """Work: each wish's colors, told as {"strip": Strip} of `rows` rows and then {"job": Job}."""

    def work(layer, tell, stage):
        share = 0.8 / len(wishes)
        for number, wish in enumerate(wishes):
            start = 0.2 + number * share
            job = layer.colorize(wish, stage(start, start + 0.4 * share))
            for strip in job.strips(rows, stage(start + 0.4 * share, start + share)):
                tell({"strip": strip})
            tell({"job": job})

    return work


def asked(wish, what):
    """Work: gives `what(job)` of the job of this wish."""

    def work(layer, _tell, stage):
        return what(layer.colorize(wish, stage(0.2, 1.0)))

    return work
