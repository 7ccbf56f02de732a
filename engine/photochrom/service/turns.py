"""Whose turn it is to run a network: one at a time, since each uses all cores; an editor's jobs before a batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from photochrom.progress import Progress

PATIENCE = 0.2
"""Seconds between two looks of a waiting job at whether it is cancelled."""


class Turns:
    """For any thread. A job waits for the network that a batch is running, for one photograph at most; the batch's next
    photograph waits for all jobs."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._jobs = 0

    @property
    def wanted(self) -> bool:
        """Whether a job runs or waits."""
        return self._jobs > 0

    @contextmanager
    def of_job(self, report: Progress) -> Iterator[None]:
        """An editor's turn. Raises what `report` does while it waits: Cancelled."""
        with self._changed:
            self._jobs += 1
        try:
            with self._turn(lambda: True, lambda: report(0.0, "Waiting")):
                yield
        finally:
            with self._changed:
                self._jobs -= 1
                self._changed.notify_all()

    @contextmanager
    def of_batch(self) -> Iterator[None]:
        """The turn of one photograph of a batch."""
        with self._turn(lambda: not self._jobs, lambda: None):
            yield

    @contextmanager
    def _turn(self, allowed: Callable[[], bool], waiting: Callable[[], None]) -> Iterator[None]:
        with self._changed:
            while not self._changed.wait_for(lambda: not self._taken and allowed(), PATIENCE):
                waiting()
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
