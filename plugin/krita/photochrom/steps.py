"""Long work on the thread of the windows, a step at a time, so that they never wait."""

from .photochrom_client import Cancelled
from .qt import QtCore


class Steps:
    """Runs a generator in the main loop. It yields the seconds to wait before its next step.

    One of `on_done(what it returned)` and `on_error(exception)` is called at its end; after `cancel` it is
    `on_error(Cancelled)`. Krita holds back its own updates while a callback runs: between two steps it catches up.
    """

    def __init__(self, generator, on_done, on_error):
        self._generator = generator
        self._on_done = on_done
        self._on_error = on_error
        self._cancelled = False
        self._timer = QtCore.QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    def cancel(self):
        self._cancelled = True
        # Some of Krita's functions serve clicks while they work: then the step that is under way ends first.
        if not self._generator.gi_running:
            self._go_on()

    def _go_on(self):
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
