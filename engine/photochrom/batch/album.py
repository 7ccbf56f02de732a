"""The first pass of a batch whose pictures belong together: its frames are looked at, and agree on their colors.

An album is the photographs of one folder, in the order of their names. Its frames are read and predicted one by one,
and only what they look like is kept, of a few at a time; what they agreed on is kept in the journal, all at once. The
second pass is that of any batch, and applies it. So whatever ends a run, an album has agreed or has not, and its
photographs have the same colors however often the run was resumed.

Frames that agreed earlier are held where they are: those that are new to the folder follow them. Photographs that
cannot be read, that are in color already or that somebody wants in other colors take no part.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import groupby
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom import pipeline
from photochrom.album.agreement import agree
from photochrom.album.looks import Look, look
from photochrom.batch.agreements import Agreements, Frame
from photochrom.batch.messages import Guide, Seen, Task
from photochrom.batch.processes import POLL, Worker
from photochrom.errors import Cancelled, ModelDamaged, ModelMissing
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image

if TYPE_CHECKING:
    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.messages import FromWorker, Job
    from photochrom.batch.urls import Source
    from photochrom.options import Options
    from photochrom.values import Plane

AHEAD: Final = 2
"""So many frames for each worker are read before the turn of the first of them comes."""


def agree_all(
    journal: Journal,
    notes: Agreements,
    job: Job,
    jobs: int,
    stopping: Callable[[], bool],
    looked: Callable[[Entry], None],
    turn: Callable[[], AbstractContextManager[None]],
    holding: Callable[[], bool],
) -> None:
    """Makes all albums agree that have queued frames which have not; `looked` hears of each frame that was looked at.
    The network is run inside `turn()`.

    Where `stopping()`, what is left stays as it is; while `holding()`, no frame is begun.

    Raises:
        OutputFailed: the journal cannot be written. ModelMissing, ModelDamaged: the colorizer cannot be used.
    """
    options, agreed = job.settings.options, notes.agreed()
    with Readers(job, jobs, holding) as readers:
        for album in albums(journal, agreed):
            frames = Frames(album, agreed, notes, readers, options, turn)
            try:
                notes.keep(frames.agree(stopping, looked))
            except Cancelled:
                return


def albums(journal: Journal, agreed: set[int]) -> Iterator[list[Entry]]:
    """The albums of a batch with queued frames that have not agreed: their frames, in the order of their names."""
    part = [
        entry
        for entry in journal.entries()
        if (entry.state == "queued" and entry.colorizer_wanted is None) or entry.id in agreed
    ]
    part.sort(key=lambda entry: (str(entry.source.parent), natural(entry.source), entry.page))
    for _, frames in groupby(part, lambda entry: entry.source.parent):
        album = list(frames)
        if any(entry.state == "queued" and entry.id not in agreed for entry in album):
            yield album


def natural(path: Source) -> list[tuple[int, int | str]]:
    """A key that sorts 9.jpg before 10.jpg."""
    parts = re.split(r"(\d+)", path.name.casefold(), flags=re.ASCII)
    return [(0, int(part)) if number % 2 else (1, part) for number, part in enumerate(parts)] + [(2, path.name)]


class Frames:
    """One album: its frames are looked at in turn, while they agree."""

    def __init__(
        self,
        album: list[Entry],
        agreed: set[int],
        notes: Agreements,
        readers: Readers,
        options: Options,
        turn: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._album, self._agreed, self._notes = album, agreed, notes
        self._readers, self._options, self._turn = readers, options, turn
        self._looked_at: deque[Entry] = deque()

    def agree(self, stopping: Callable[[], bool], looked: Callable[[Entry], None]) -> Iterator[Frame]:
        """What becomes of those that have not agreed yet.

        Raises:
            Cancelled: `stopping()`.
        """
        for found in agree(self._looks(stopping, looked)):
            entry = self._looked_at.popleft()
            if entry.id not in self._agreed:
                yield Frame(entry.id, found.matching, found.move)

    def _looks(
        self, stopping: Callable[[], bool], looked: Callable[[Entry], None]
    ) -> Iterator[tuple[Look, Plane | None]]:
        side = pipeline.guide_side(self._options)
        for entry, guide in self._readers.guides(self._album, side, stopping):
            seen = None if guide is None else self._look(guide)
            looked(entry)
            if seen is None:
                continue
            self._looked_at.append(entry)
            yield seen, self._held(entry, seen) if entry.id in self._agreed else None

    def _held(self, entry: Entry, seen: Look) -> Plane:
        """Where one that agreed earlier is held: also one that matched nothing and stays as it is."""
        move = self._notes.move(entry.id)
        return np.zeros_like(seen.colors) if move is None else move

    def _look(self, guide: Plane) -> Look | None:
        try:
            with self._turn():
                colors = pipeline.predict(Proxy(as_image(guide)), self._options)
                return look(guide, colors.ab)
        except (ModelMissing, ModelDamaged):
            raise  # The other frames would fail in the same way.
        except Exception:  # The second pass meets it again, and says what it is.
            return None


class Readers:
    """Workers that read photographs; none is begun while `holding()`. A context: they end with it."""

    def __init__(self, job: Job, most: int, holding: Callable[[], bool]) -> None:
        self._job, self._most, self._holding = job, most, holding
        self._workers: list[Worker] = []

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def guides(
        self, entries: list[Entry], side: int, stopping: Callable[[], bool]
    ) -> Iterator[tuple[Entry, Plane | None]]:
        """Each file in its turn, and its guide with this short side; None for one that is not to be colorized, or
        cannot be read, even if it crashes its decoder.

        Raises:
            Cancelled: `stopping()`.
        """
        waiting, guides = deque(enumerate(entries)), dict[int, "Plane | None"]()
        for turn, entry in enumerate(entries):
            while (held := self._holding()) or entry.id not in guides:
                if stopping():
                    raise Cancelled
                if held:
                    time.sleep(POLL)
                    continue
                while waiting and waiting[0][0] < turn + AHEAD * self._most and self._give(waiting[0][1], side):
                    waiting.popleft()
                guides.update(self._receive())
            yield entry, guides.pop(entry.id)

    def _give(self, entry: Entry, side: int) -> bool:
        """Gives a file to an idle worker, starting one where there are fewer than allowed; whether there was one."""
        idle = next((worker for worker in self._workers if worker.entry is None), None)
        if idle is None and len(self._workers) < self._most:
            idle = Worker(self._job)
            self._workers.append(idle)
        if idle is not None:
            idle.give(entry, Task(entry.source, entry.page, side, Path()))
        return idle is not None

    def _receive(self) -> Iterator[tuple[int, Plane | None]]:
        busy = {worker.pipe: worker for worker in self._workers if worker.entry}
        for pipe in connection.wait(list(busy), POLL):
            worker = busy[pipe]  # type: ignore[index]
            assert worker.entry is not None
            try:
                said: FromWorker = worker.pipe.recv()
            except (EOFError, OSError):
                self._workers.remove(worker)
                worker.end()
                yield worker.entry.id, None
                continue
            if isinstance(said, Guide):
                worker.tell(Seen())
                yield worker.entry.id, said.lightness
                continue
            if not isinstance(said, Seen):
                yield worker.entry.id, None
            worker.entry = None
