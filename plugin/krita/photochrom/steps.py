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
        self._timer = QtCore.QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._go_on(self._generator.send, None))
        self._timer.start(0)

    def cancel(self):
        self._timer.stop()
        self._go_on(self._generator.throw, Cancelled("Cancelled.", code="cancelled"))

    def _go_on(self, resume, value):
        try:
            pause = resume(value)
        except StopIteration as end:
            self._on_done(end.value)
        except Exception as error:
            self._on_error(error)
        else:
            self._timer.start(round(1000 * pause))
