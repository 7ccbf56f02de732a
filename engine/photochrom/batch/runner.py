"""Runs a batch: hands files to workers, asks the network for their colors, and keeps the journal.

Each worker has one file at a time; while it waits for colors or for the disk, others compute. One more worker than
there are cores keeps the cores busy, and bounds the memory. All that must not happen twice at a time happens here, in
one thread: the network, the journal, and the moves of results to their places.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import connection, resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom import colorizers, pipeline, routing
from photochrom.batch.journal import Entry, Journal
from photochrom.batch.messages import GRAY, Coloring, Failed, FromWorker, Guide, Job, Refusal, Skipped, Task, Written
from photochrom.batch.publishing import Publisher
from photochrom.batch.worker import ENVIRONMENT, REFUSED, work
from photochrom.errors import BadPicture, ModelDamaged, ModelMissing, OutputFailed, PhotochromError
from photochrom.guidance import uncertainty
from photochrom.sampling.proxy import Proxy
from photochrom_client.protocol import AUTO

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from photochrom.options import Options
    from photochrom.pipeline import Colors

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
        self.facts: dict[str, object] = {}

    def give(self, entry: Entry, guide_side: int, staged: Path) -> None:
        """A file to colorize."""
        self.entry, self.facts = entry, {}
        self.tell(Task(entry.source, entry.page, guide_side, staged))

    def tell(self, message: Task | Coloring | Refusal) -> None:
        """Sends a message. To a process that has ended too: its pipe then says so to whoever reads from it."""
        with suppress(OSError):
            self.pipe.send(message)

    def end(self) -> None:
        """Ends it at once; what it has in hand is lost."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Run:
    """One run over all files that are queued in a journal.

    `jobs` workers; `stopping` says whether no further file is to be begun: those in hand are finished then. The caller
    holds `publishing.claim(out)`.
    """

    def __init__(self, out: Path, journal: Journal, jobs: int, stopping: Callable[[], bool]) -> None:
        self._out, self._journal, self._jobs, self._stopping = out, journal, jobs, stopping
        self._settings = journal.settings
        self._options = self._settings.options
        self._publisher = Publisher(out, journal)
        self._workers: list[Worker] = []
        self._models: dict[str, str] = {}
        self._sides: dict[str, int] = {}

    def __iter__(self) -> Generator[Entry]:
        """Each file as it is done, failed or skipped, as soon as the journal says so.

        Raises:
            OutputFailed: the disk of the results is full or gone. BadPicture: an input folder is gone. ModelMissing,
                ModelDamaged: the colorizer cannot be used. What was not done then is queued.
        """
        self._publisher.recover()
        self._guide_side(self._options)  # what is missing is reported before any work
        job = Job(self._settings, self._journal.started)
        try:
            while True:
                self._hand_out(job)
                if not any(worker.entry for worker in self._workers):
                    return
                yield from self._receive()
        finally:
            for worker in self._workers:
                worker.end()
            with suppress(PhotochromError):
                self._journal.requeue("running")
            self._publisher.clear()

    @property
    def in_hand(self) -> int:
        """How many files are being worked on."""
        return sum(worker.entry is not None for worker in self._workers)

    def _hand_out(self, job: Job) -> None:
        """Gives a file to each idle worker, starting one where there are fewer than allowed."""
        self._workers = [worker for worker in self._workers if worker.entry or worker.process.is_alive()]
        while not self._stopping():
            idle = next((worker for worker in self._workers if worker.entry is None), None)
            if idle is None and len(self._workers) >= self._jobs:
                return
            entry = self._journal.next()
            if entry is None:
                return
            if idle is None:
                idle = Worker(job)
                self._workers.append(idle)
            idle.give(entry, self._guide_side(self._options_of(entry)), self._publisher.staged(entry))

    def _receive(self) -> Iterator[Entry]:
        """Answers what workers say; the files that this finishes."""
        busy = {worker.pipe: worker for worker in self._workers if worker.entry}
        for pipe in connection.wait(list(busy), POLL):
            worker = busy[pipe]  # type: ignore[index]
            assert worker.entry is not None
            try:
                said: FromWorker = worker.pipe.recv()
            except (EOFError, OSError):
                yield self._crashed(worker, worker.entry)
                continue
            if isinstance(said, Guide):
                worker.tell(self._colored(worker, worker.entry, said))
                continue
            entry, worker.entry = worker.entry, None
            yield self._finished(entry, said, worker.facts)

    def _crashed(self, worker: Worker, entry: Entry) -> Entry:
        """A worker ended, by a bug in a decoder or for want of memory: its file fails, the others go on."""
        worker.process.join()
        self._workers.remove(worker)
        code = worker.process.exitcode
        return self._journal.failed(
            entry.id,
            f"{entry.source}: the process that worked on it ended unexpectedly (code {code}).",
            "Run photochrom batch --retry; if it fails again, report this, with the file.",
        )

    def _colored(self, worker: Worker, entry: Entry, guide: Guide) -> Coloring | Refusal:
        import pyvips

        if entry.colorizer_wanted == GRAY:
            worker.facts = {"colorizer": GRAY, "shares": "{}", "uncertainty": None, "model_sha256": None}
            return Coloring(np.zeros((1, 1, 4), np.float32), GRAY)
        options = self._options_of(entry)
        try:
            colors = pipeline.predict(Proxy(pyvips.Image.new_from_array(guide.lightness)), options)
        except (ModelMissing, ModelDamaged):
            raise  # The other files would fail in the same way.
        except PhotochromError as error:
            return Refusal(error.cause, error.next_step)
        except Exception as error:  # a network that a picture's shape upsets
            return Refusal(f"{entry.source}: {type(error).__name__}: {error}", "Report this, with the file.")
        worker.facts = self._facts(colors, options)
        return Coloring(colors.coefficients.planes, colors.colorizer)

    def _guide_side(self, options: Options) -> int:
        """`pipeline.guide_side`: of one batch's options, colorizer and style alone may differ."""
        if options.colorizer not in self._sides:
            self._sides[options.colorizer] = pipeline.guide_side(options)
        return self._sides[options.colorizer]

    def _options_of(self, entry: Entry) -> Options:
        if entry.colorizer_wanted in (None, GRAY):
            return self._options
        name, _, style = str(entry.colorizer_wanted).partition(":")
        return replace(self._options, colorizer=name, style=style or self._options.style)  # type: ignore[arg-type]

    def _facts(self, colors: Colors, options: Options) -> dict[str, object]:
        distribution = colors.prediction.distribution
        shares = colors.scores or colors.prediction.shares
        return {
            "colorizer": colors.colorizer,
            "shares": json.dumps({name: round(share, 4) for name, share in shares.items()}),
            "uncertainty": float(uncertainty.uncertainty(distribution).mean()) if distribution else None,
            "model_sha256": self._model(options.colorizer),
        }

    def _model(self, name: str) -> str:
        """SHA-256 over the names and hashes of all files of the models that a colorizer's name stands for."""
        if name not in self._models:
            router = routing.load() if name == AUTO else None
            members = router.choices if router else list(routing.fixed(name).scores)
            files = [sorted(colorizers.load(member).card.files.items()) for member in members]
            self._models[name] = hashlib.sha256(json.dumps(files).encode()).hexdigest()
        return self._models[name]

    def _finished(self, entry: Entry, said: Written | Skipped | Failed, facts: dict[str, object]) -> Entry:
        settings = self._settings.digest
        if isinstance(said, Skipped):
            return self._journal.skipped(entry.id, said.reason, source_sha256=said.source_sha256)
        if isinstance(said, Failed):
            if said.blameless:
                raise OutputFailed(said.cause, "Make room on the disk or reconnect it, then resume.")
            self._check_input(entry)
            return self._journal.failed(entry.id, said.cause, said.next_step, settings_sha256=settings)
        return self._publisher.publish(
            entry,
            **facts,
            settings_sha256=settings,
            width=said.width,
            height=said.height,
            notes=json.dumps(said.notes),
            source_sha256=said.source_sha256,
            tones_sha256=said.tones_sha256,
            result_sha256=said.result_sha256,
            result_bytes=said.result_bytes,
            seconds=round(said.seconds, 4),
        )

    def _check_input(self, entry: Entry) -> None:
        """Raises BadPicture where the whole input is gone, not one file of it."""
        if entry.source.exists():
            return
        try:
            gone = entry.root.is_dir() and not any(entry.root.iterdir())
            gone = gone or not entry.root.exists()
        except OSError:
            gone = True
        if gone and entry.root != entry.source:
            raise BadPicture(f"The folder {entry.root} is gone.", "Reconnect it, then resume.")
