"""Runs a batch: hands files to workers, and keeps the journal of what they say.

All that must not happen twice at a time happens here, in one thread: the journal, and the moves of results to their
places. Workers are processes of this machine (`processes`) or of a cluster (`cluster`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path
from typing import Protocol

from photochrom.batch import stores
from photochrom.batch.agreements import Agreements
from photochrom.batch.album import agree_all
from photochrom.batch.coloring import Colorist, Facts
from photochrom.batch.content_credentials import credentials
from photochrom.batch.journal import Entry, Journal
from photochrom.batch.messages import Failed, Job, Outcome, Skipped, Task
from photochrom.batch.processes import POLL, Processes
from photochrom.batch.publishing import Publisher, journal_path
from photochrom.batch.urls import Url
from photochrom.errors import BadPicture, BadRequest, OutputFailed, PhotochromError


class Workers(Protocol):
    """Where photographs are colorized."""

    @property
    def in_hand(self) -> int:
        """How many files they work on."""

    @property
    def has_room(self) -> bool:
        """Whether they take one more."""

    def give(self, entry: Entry, task: Task) -> None:
        """A file to colorize; there is room."""

    def receive(self) -> Iterator[tuple[Entry, Outcome, Facts]]:
        """Files that are finished, and what became of them; waits a moment for the first."""

    def close(self) -> None:
        """Ends them at once; what they have in hand is lost."""


class Run:
    """One run over all files that are queued in a journal.

    `jobs` workers of this machine, or those of the Dask scheduler `cluster`; `stopping` says whether no further file is
    to be begun: those in hand are finished then; `holding`, whether none is to be begun for now. The network of this
    machine is run inside `turn()`. `looked` hears of each file that is looked at before its album agrees (`album`). The
    caller holds `publishing.claim(out)`.
    """

    def __init__(
        self,
        out: Path,
        journal: Journal,
        jobs: int,
        stopping: Callable[[], bool],
        holding: Callable[[], bool] = lambda: False,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
        looked: Callable[[Entry], None] = lambda _: None,
        cluster: str | None = None,
    ) -> None:
        self._out, self._journal, self._jobs, self._cluster = out, journal, jobs, cluster
        self._stopping, self._holding, self._turn, self._looked = stopping, holding, turn, looked
        self._settings = journal.settings
        self._colorist = Colorist(self._settings, turn)
        self._publisher = Publisher(out, journal)

    def __iter__(self) -> Generator[Entry]:
        """Each file as it is done, failed or skipped, as soon as the journal says so.

        Raises:
            OutputFailed: the place of the results is full or gone. BadPicture: an input folder is gone. ModelMissing,
                ModelDamaged: the colorizer cannot be used. ClusterFailed: the cluster cannot be used, or is gone.
                BadRequest: results cannot be signed. What was not done then is queued.
        """
        self._publisher.recover()
        self._colorist.guide_side()  # what is missing is reported before any work
        self._check_signer()
        job = Job(self._settings, self._journal.started)
        notes = Agreements(journal_path(self._out))
        try:
            if self._settings.album:
                agree_all(
                    self._journal, notes, job, self._jobs, self._stopping, self._looked, self._turn, self._holding
                )
            with closing(self._workers(job, notes)) as workers:
                while True:
                    held = self._holding()
                    if not held:
                        self._hand_out(workers)
                    if workers.in_hand:
                        for entry, said, facts in workers.receive():
                            yield self._finished(entry, said, facts)
                    elif held and not self._stopping():
                        time.sleep(POLL)
                    else:
                        return
        finally:
            notes.close()
            with suppress(PhotochromError):
                self._journal.requeue("running")
            with suppress(PhotochromError):
                self._publisher.clear()

    def _check_signer(self) -> None:
        key, certificate = self._settings.c2pa_key, self._settings.c2pa_certificate
        if not key or not certificate:
            return
        if self._cluster is not None:
            raise BadRequest("A private key stays on its computer: workers sign nothing.", "Leave --cluster out.")
        credentials(key, certificate).check()

    def _workers(self, job: Job, notes: Agreements) -> Workers:
        if self._cluster is None:
            return Processes(job, self._colorist, notes, self._jobs)
        from photochrom.batch.cluster import ClusterWorkers

        return ClusterWorkers(self._cluster, job, self._colorist.model(), notes, self._stopping)

    def _hand_out(self, workers: Workers) -> None:
        """Gives files to the workers as long as they take some."""
        while not self._stopping() and workers.has_room:
            entry = self._journal.next()
            if entry is None:
                return
            wanted = entry.colorizer_wanted
            side, staged = self._colorist.guide_side(wanted), self._publisher.staged(entry)
            workers.give(entry, Task(entry.source, entry.page, side, staged, entry.output, entry.replaces, wanted))

    def _finished(self, entry: Entry, said: Outcome, facts: Facts) -> Entry:
        settings = self._settings.digest
        if isinstance(said, Skipped):
            return self._journal.skipped(entry.id, said.reason, source_sha256=said.source_sha256)
        if isinstance(said, Failed):
            if said.blameless:
                raise OutputFailed(said.cause, said.next_step)
            self._check_input(entry)
            return self._journal.failed(entry.id, said.cause, said.next_step, settings_sha256=settings)
        return self._publisher.publish(
            entry,
            said.staged,
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
        if entry.root == entry.source:
            return
        if isinstance(entry.source, Url) or isinstance(entry.root, Url):
            gone = isinstance(entry.root, Url) and not stores.exists(entry.root)
        elif entry.source.exists():
            return
        else:
            try:
                gone = not entry.root.exists() or (entry.root.is_dir() and not any(entry.root.iterdir()))
            except OSError:
                gone = True
        if gone:
            raise BadPicture(f"The folder {entry.root} is gone.", "Reconnect it, then resume.")
