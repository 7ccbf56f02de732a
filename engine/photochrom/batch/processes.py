"""Workers of this machine: processes that read and write, one file at a time each, and ask for its colors.

While one waits for colors or for the disk, others compute. One more worker than there are cores keeps the cores busy,
and bounds the memory. The network runs in the runner's own process and thread, so its weights are in memory once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import connection, resource_tracker
from typing import TYPE_CHECKING, Final

from photochrom.batch.messages import Coloring, Failed, Guide, Job, Outcome, Refusal, Seen, Task
from photochrom.batch.worker import ENVIRONMENT, REFUSED, work

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from photochrom.batch.agreements import Agreements
    from photochrom.batch.coloring import Colorist, Facts
    from photochrom.batch.journal import Entry

POLL: Final = 0.2
"""Seconds between two looks at whether the user wants to stop."""


def default_jobs() -> int:
    """How many workers keep the cores of this machine busy."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@contextmanager
def _environment() -> Iterator[None]:
    """Processes that are started meanwhile get the workers' environment, and never Ctrl-C, which a terminal sends to
    all of its processes: not even before their first line can refuse it."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ |= ENVIRONMENT
    masked = None
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # when multiprocessing starts it later, it lets these signals through again
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, REFUSED)
    try:
        yield
    finally:
        if masked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class Worker:
    """A process that reads and writes, and the file that it has in hand."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=work, args=(theirs, job), daemon=True)
        with _environment():
            self.process.start()
        theirs.close()
        self.entry: Entry | None = None
        self.facts: Facts = {}

    def give(self, entry: Entry, task: Task) -> None:
        """A file to colorize."""
        self.entry, self.facts = entry, {}
        self.tell(task)

    def tell(self, message: Task | Coloring | Refusal | Seen) -> None:
        """Sends a message. To a process that has ended too: its pipe then says so to whoever reads from it."""
        with suppress(OSError):
            self.pipe.send(message)

    def end(self) -> None:
        """Ends it at once; what it has in hand is lost."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Processes:
    """`most` workers of this machine: see `runner.Workers`."""

    def __init__(self, job: Job, colorist: Colorist, notes: Agreements, most: int) -> None:
        self._job, self._colorist, self._notes, self._most = job, colorist, notes, most
        self._workers: list[Worker] = []

    @property
    def in_hand(self) -> int:
        """See `runner.Workers`."""
        return sum(worker.entry is not None for worker in self._workers)

    @property
    def has_room(self) -> bool:
        """See `runner.Workers`."""
        return self.in_hand < self._most

    def give(self, entry: Entry, task: Task) -> None:
        """See `runner.Workers`. Starts a worker where none is idle."""
        self._workers = [worker for worker in self._workers if worker.entry or worker.process.is_alive()]
        idle = next((worker for worker in self._workers if worker.entry is None), None)
        if idle is None:
            idle = Worker(self._job)
            self._workers.append(idle)
        idle.give(entry, task)

    def receive(self) -> Iterator[tuple[Entry, Outcome, Facts]]:
        """See `runner.Workers`. Answers what workers ask."""
        busy = {worker.pipe: worker for worker in self._workers if worker.entry}
        for pipe in connection.wait(list(busy), POLL):
            worker = busy[pipe]  # type: ignore[index]
            assert worker.entry is not None
            try:
                said: Guide | Outcome = worker.pipe.recv()
            except (EOFError, OSError):
                yield self._crashed(worker, worker.entry)
                continue
            if isinstance(said, Guide):
                answer, worker.facts = self._colorist.color(worker.entry, said, self._notes)
                worker.tell(answer)
                continue
            entry, worker.entry = worker.entry, None
            yield entry, said, worker.facts

    def close(self) -> None:
        """See `runner.Workers`."""
        for worker in self._workers:
            worker.end()

    def _crashed(self, worker: Worker, entry: Entry) -> tuple[Entry, Failed, Facts]:
        """A worker ended, by a bug in a decoder or for want of memory: its file fails, the others go on."""
        worker.process.join()
        self._workers.remove(worker)
        code = worker.process.exitcode
        failed = Failed(
            f"{entry.source}: the process that worked on it ended unexpectedly (code {code}).",
            "Run photochrom batch --retry; if it fails again, report this, with the file.",
        )
        return entry, failed, {}
