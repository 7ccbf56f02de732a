"""Batches that the engine runs for editors: one at a time, in a thread of its own, whatever becomes of the editor.

What a batch is stays in its output folder (`batch.journal`). An engine that ends, however it does, loses nothing: the
next one finds the folder among the recent ones, and goes on where it was.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photochrom.errors import BadRequest, Cancelled, PhotochromError
from photochrom.service.error_responses import ErrorResponse, answer_to, as_json
from photochrom.service.log import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.plan import Patterns
    from photochrom.batch.settings import Settings
    from photochrom.service.recent_batches import RecentBatches
    from photochrom.service.turns import Turns
    from photochrom_client.protocol import BatchState

UNDER_WAY: Final = {"planning", "running", "reporting"}

PACE: Final = 5, 64
"""So many files, the latest ones, tell how fast it goes: the first few come in a bunch, after the start."""


class Batch:
    """One batch, in the folder `output`. Its own thread changes it; it is told to pause and to stop, and read, by any.

    `state` is "planning" while its files are looked for, then "running", "paused" or "stopping", "reporting" while its
    report is written; at last "done", "stopped" where files are left to do, or "failed" with `error`.
    """

    def __init__(self, output: Path) -> None:
        self.id = _id_of(output)
        self.output = output
        self.error: PhotochromError | None = None
        self._state: BatchState = "planning"
        self._total = 0
        self._counts: dict[str, int] = {}
        self._looked: int | None = None
        self._file = ""
        self._times: deque[float] = deque(maxlen=PACE[1])
        self._paused = self._stopped = self._abandoned = False

    @property
    def state(self) -> BatchState:
        if self._state == "running":
            return "stopping" if self._stopped else "paused" if self._paused else "running"
        return self._state

    @property
    def under_way(self) -> bool:
        return self._state in UNDER_WAY

    @property
    def paused(self) -> bool:
        return self.state == "paused"

    @property
    def stopped(self) -> bool:
        """Whether it is to begin nothing more."""
        return self._stopped or self._abandoned

    def pause(self) -> None:
        """Begins no further file for now; those in hand are finished."""
        self._paused = True

    def go_on(self) -> None:
        """Ends a pause."""
        self._paused = False
        self._times.clear()  # the pause is no work

    def stop(self) -> None:
        """Begins no further file; when those in hand are finished it is stopped."""
        self._stopped = True

    def abandon(self) -> None:
        """Ends it at once; what it has in hand is queued again."""
        self._abandoned = True

    def check(self) -> bool:
        """Whether no further file is to be begun. Raises Cancelled where it is abandoned."""
        if self._abandoned:
            raise Cancelled
        return self._stopped

    def begin(self, state: BatchState) -> None:
        self._state = state

    def end(self, error: PhotochromError | None = None) -> None:
        """It is over: done, stopped, or failed with an error."""
        self.error = error
        self._state = "failed" if error else "stopped" if self.left else "done"

    def count(self, journal: Journal) -> None:
        """Takes over from the journal how many files are in each state."""
        counts = journal.counts()
        self._total = sum(counts.values())
        self._counts = {state: counts.get(state, 0) for state in ("done", "failed", "skipped")}

    def look(self, _entry: Entry) -> None:
        """One more file of an album was looked at; none is finished yet."""
        self._looked = (self._looked or 0) + 1

    def took(self, entry: Entry) -> None:
        """One more file is finished."""
        self._looked = None
        self._counts = {**self._counts, entry.state: self._counts.get(entry.state, 0) + 1}
        self._file = entry.source.name.encode(errors="surrogateescape").decode(errors="replace")
        self._times.append(time.monotonic())

    def progress(self) -> dict[str, Any]:
        """See `batch_messages.BatchProgress`."""
        from photochrom.batch.report import NAME

        report = self.output / NAME
        return {
            "batch": self.id,
            "output": str(self.output),
            "state": self.state,
            "total": self._total,
            "looked": self._looked if self.under_way else None,
            **{state: self._counts.get(state, 0) for state in ("done", "failed", "skipped")},
            "file": self._file,
            "seconds_left": self._seconds_left() if self.state == "running" else None,
            "report": str(report) if report.is_file() else "",
            "error": as_json(self.error) if self.error else None,
        }

    @property
    def left(self) -> int:
        """How many files are still to do."""
        return self._total - sum(self._counts.values())

    def _seconds_left(self) -> float | None:
        times = list(self._times)
        if len(times) < PACE[0]:
            return None
        return self.left * (times[-1] - times[0]) / (len(times) - 1)


class Batches:
    """The batch that is under way, and those of lately; for any thread."""

    def __init__(self, turns: Turns, recent: RecentBatches) -> None:
        self._turns = turns
        self._recent = recent
        self._current: Batch | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.last_ended = time.monotonic()

    @property
    def working(self) -> bool:
        """Whether one is under way, and not paused: what is paused may outlive the engine."""
        return self._current is not None and self._current.under_way and not self._current.paused

    def listed(self, output: Path | None = None) -> list[Batch]:
        """The batch in the folder `output`, if there is one, then that of this engine, then those of lately."""
        current = self._current
        folders = [each for each in (output, current and current.output) if each]
        found = [self._in(folder) for folder in dict.fromkeys([*folders, *self._recent.folders()])]
        return [batch for batch in found if batch is not None]

    def get(self, batch_id: str) -> Batch:
        """Raises ErrorResponse (404)."""
        folders = [self._current.output] if self._current else []
        for folder in (*folders, *self._recent.folders()):
            if _id_of(folder) == batch_id and (batch := self._in(folder)):
                return batch
        raise ErrorResponse(
            HTTPStatus.NOT_FOUND,
            "batch-gone",
            "The engine does not know this batch.",
            "Choose its output folder again.",
        )

    def start(self, inputs: list[Path], output: Path, settings: Settings, patterns: Patterns) -> Batch:
        """Starts a batch, or goes on with that in `output` if it has the same settings.

        Raises:
            BadRequest: a path is not absolute. ErrorResponse (409): another batch is under way. All other errors are
                those of the batch: what they are about takes time.
        """
        for each in (output, *inputs):
            if not each.is_absolute():
                raise BadRequest(f"{each} is not an absolute path.", "Give the whole path of each folder.")

        @contextmanager
        def opened() -> Iterator[Journal]:
            from photochrom.batch import opening
            from photochrom.pipeline import guide_side

            guide_side(settings.options)  # wrong options and missing models are reported before there is a journal
            with opening.planned(inputs, output, settings, patterns) as (journal, _plan):
                yield journal

        return self._begin(output, opened)

    def resume(self, batch: Batch, *, retry: bool) -> Batch:
        """Goes on with a batch that has ended or is paused; `retry`: its failed files are queued again.

        Raises:
            ErrorResponse (409): it is being stopped, or another one is under way; with `retry`, also itself.
        """
        from photochrom.batch import opening, publishing

        if batch.under_way and not batch.stopped and not retry:
            batch.go_on()
            return batch

        @contextmanager
        def opened() -> Iterator[Journal]:
            with publishing.claim(batch.output), closing(opening.reopen(batch.output)) as journal:
                if retry:
                    journal.requeue("failed")
                yield journal

        return self._begin(batch.output, opened)

    def close(self) -> None:
        """Ends the batch at once; returns when its thread has ended."""
        if self._current is not None:
            self._current.abandon()
        if self._thread is not None:
            self._thread.join()

    def _in(self, folder: Path) -> Batch | None:
        """The batch in a folder; None where there is none."""
        from photochrom.batch import opening

        current = self._current
        if current is not None and current.output == folder and (current.under_way or current.error):
            return current
        batch = Batch(folder)
        try:
            with closing(opening.reopen(folder)) as journal:
                batch.count(journal)
        except (PhotochromError, OSError, sqlite3.Error):
            return None  # out of reach, or something else
        batch.end()
        return batch

    def _begin(self, output: Path, opened: Callable[[], AbstractContextManager[Journal]]) -> Batch:
        with self._lock:
            if self._current is not None and self._current.under_way:
                raise ErrorResponse(
                    HTTPStatus.CONFLICT,
                    "under-way",
                    f"A batch is under way in {self._current.output}.",
                    "Wait for its end, or stop it first.",
                )
            batch = self._current = Batch(output)
            LOG.info("batch %s starts", batch.id)
            self._thread = threading.Thread(target=self._run, args=(batch, opened), name="batch", daemon=True)
            self._thread.start()
        return batch

    def _run(self, batch: Batch, opened: Callable[[], AbstractContextManager[Journal]]) -> None:
        """In a batch's own thread."""
        error: PhotochromError | None = None
        try:
            self._colorize(batch, opened)
        except Cancelled:
            pass  # the engine ends
        except PhotochromError as known:
            error = known
        except Exception as unforeseen:
            LOG.exception("batch %s failed", batch.id)
            error = answer_to(unforeseen)
        self.last_ended = time.monotonic()
        batch.end(error)
        LOG.info("batch %s %s: %s", batch.id, batch.state, batch.error or "")

    def _colorize(self, batch: Batch, opened: Callable[[], AbstractContextManager[Journal]]) -> None:
        import pyvips  # noqa: F401  # reads its number of threads when it is loaded: before that is set for workers

        from photochrom.batch.processes import default_jobs
        from photochrom.batch.report import write_report
        from photochrom.batch.runner import Run

        def holding() -> bool:
            return batch.paused or self._turns.wanted

        jobs = default_jobs()
        with opened() as journal:
            self._recent.add(batch.output)
            batch.count(journal)
            batch.begin("running")
            run = Run(batch.output, journal, jobs, batch.check, holding, self._turns.of_batch, batch.look)
            with closing(iter(run)) as finished:
                for entry in finished:
                    batch.took(entry)
            batch.count(journal)
            if not batch.left:
                batch.begin("reporting")
                write_report(batch.output, journal, jobs, lambda: batch.stopped)


def _id_of(output: Path) -> str:
    """The same in every engine."""
    return hashlib.sha256(str(output).encode(errors="surrogateescape")).hexdigest()[:16]
