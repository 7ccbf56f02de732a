"""A job of the engine's for one layer, on a thread of its own. Knows nothing of Krita."""

import queue
from collections.abc import Callable
from typing import Any, NamedTuple

from .photochrom_client import Cancelled, Job, Strip, connect
from .photochrom_client.kit.background import Background, Failed
from .photochrom_client.kit.guidance import Guidance


class Planes(NamedTuple):
    """A layer for the engine: `lightness` and `alpha` (None: opaque) are bytes of float32, row after row, in pieces."""

    width: int
    height: int
    lightness: list[bytes]
    alpha: list[bytes] | None
    icc: bytes | None


class Progress(NamedTuple):
    """How far (0…1) the job is."""

    fraction: float
    message: str


class Done(NamedTuple):
    """The job has ended; `result` is what its work returned."""

    result: Any


Message = Progress | Strip | Job | Done | Failed


class EngineJob:
    """Sends `planes` and `guidance`, then runs `work(layer, tell, stage)`: `tell` takes messages, `stage(start, end)`
    returns a function for the client's progress, which becomes that part of the whole."""

    def __init__(self, plugin_folder, planes: Planes, guidance: Guidance, work: Callable):
        self._folder = plugin_folder
        self._planes = planes
        self._guidance = guidance
        self._work = work
        self._messages: queue.Queue[Message] = queue.Queue(maxsize=8)
        self._thread = Background("job", self._run, self._messages.put)

    def next_message(self) -> Message | None:
        """The next message, None if there is none yet; the last one is `Done`. Raises `EngineError`."""
        try:
            message = self._messages.get_nowait()
        except queue.Empty:
            return None
        if isinstance(message, Failed):
            raise message.error
        return message

    def stop(self):
        """Ends the work, the engine's too."""
        self._thread.stop()

    def _run(self, thread):
        def tell(message):
            """Waits for room in the queue; the main loop empties it."""
            while not thread.stopped:
                try:
                    self._messages.put(message, timeout=0.1)
                except queue.Full:
                    continue
                return
            raise Cancelled("Cancelled.", code="cancelled")

        def stage(start, end):
            def on_progress(fraction, message):
                part = min(1.0, max(0.0, fraction))
                tell(Progress(start + (end - start) * part, message))

            return on_progress

        planes = self._planes
        engine = connect(self._folder, stage(0.0, 0.05))
        with engine.upload(
            planes.width,
            planes.height,
            planes.lightness,
            alpha=planes.alpha,
            icc=planes.icc,
            on_progress=stage(0.05, 0.2),
        ) as layer:
            self._guidance.send(layer)
            result = self._work(layer, tell, stage)
        tell(Done(result))


def coloring(wishes, rows, form):
    """Work: each wish's colors, told as `Strip`s of `rows` rows, in `form` where that is possible, and then the
    client's `Job`."""

    def work(layer, tell, stage):
        share = 0.8 / len(wishes)
        for number, wish in enumerate(wishes):
            start = 0.2 + number * share
            job = layer.colorize(wish, stage(start, start + 0.4 * share))
            for strip in job.strips(rows, stage(start + 0.4 * share, start + share), form):
                tell(strip)
            tell(job)

    return work


def asking(wish, what, where=None):
    """Work: returns `what(job)` of the job for this wish; `where` colors are known, if any are."""

    def work(layer, _tell, stage):
        if where is not None:
            where.send(layer)
        return what(layer.colorize(wish, stage(0.2, 1.0)))

    return work
