"""Work on threads of its own, so that an editor's windows never wait for the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..errors import Cancelled, EngineError, Unexpected


class Working(NamedTuple):
    """A message: what is being done, in the user's language."""

    message: str


class Failed(NamedTuple):
    """A message: the work ended with this error, whose text is for the user."""

    error: EngineError


@contextmanager
def reporting_errors(report: Callable[[EngineError], object]) -> Iterator[None]:
    """Reports an exception raised inside as an `EngineError`; `Cancelled` ends the block without a report."""
    try:
        yield
    except Cancelled:
        pass
    except EngineError as error:
        report(error)
    except Exception as error:  # an exception that leaves a thread is shown to no one
        report(Unexpected(error))


class Background:
    """Runs `work(self)` on a daemon thread. An error becomes a call of `tell(Failed(error))` on that thread, unless the
    work has been stopped. `name` completes the thread's name."""

    def __init__(self, name: str, work: Callable[[Background], object], tell: Callable[[Failed], object]) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work, tell), name=f"photochrom-{name}", daemon=True)
        self._thread.start()

    @property
    def stopped(self) -> bool:
        """Whether the work has been told to end."""
        return self._stopped.is_set()

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Tells the work to end, and returns at once."""
        self._stopped.set()

    def join(self) -> None:
        """Waits until the work has ended, at most five seconds."""
        self._thread.join(5)

    def _run(self, work: Callable[[Background], object], tell: Callable[[Failed], object]) -> None:
        def report(error: EngineError) -> None:
            if not self.stopped:
                tell(Failed(error))

        with reporting_errors(report):
            work(self)
