"""Cooperative tasks on the thread of Krita's windows, which must never wait."""

import threading
from typing import Any

from .photochrom_client import Cancelled
from .qt import QtCore

POLL = 0.03
"""Seconds between two looks at a thread that a task waits for."""


class Task:
    """Runs a generator in the main loop, a step at a time. It yields the seconds to wait before its next step.

    At its end one of `on_done(returned value)` and `on_error(exception)` is called; after `cancel` it is
    `on_error(Cancelled)`. Krita holds back its own updates while a callback runs: between two steps it catches up.
    """

    def __init__(self, generator, on_done, on_error):
        self._generator = generator
        self._on_done = on_done
        self._on_error = on_error
        self._cancelled = False
        self._timer = QtCore.QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        self._timer.start(0)

    def cancel(self):
        self._cancelled = True
        # Some of Krita's functions serve clicks while they work: then the step that is under way ends first.
        if not self._generator.gi_running:
            self._step()

    def _step(self):
        self._timer.stop()
        try:
            if self._cancelled:
                self._generator.throw(Cancelled("Cancelled.", code="cancelled"))
            pause = next(self._generator)
        except StopIteration as end:
            self._on_done(end.value)
        except Exception as error:
            self._on_error(error)
        else:
            self._timer.start(0 if self._cancelled else round(1000 * pause))


def in_thread(function, *arguments):
    """A step of a task: yields until `function(*arguments)`, on a thread, has returned, and returns its value. Raises
    what the function raised."""
    outcome: list[tuple[Any, Exception | None]] = []

    def run():
        try:
            outcome.append((function(*arguments), None))
        except Exception as error:
            outcome.append((None, error))

    threading.Thread(target=run, name=f"photochrom-{function.__name__}", daemon=True).start()
    while not outcome:
        yield POLL
    value, error = outcome[0]
    if error is not None:
        raise error
    return value
