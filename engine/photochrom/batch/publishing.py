"""Results appear whole or not at all, and only by the process that holds the batch.

Processes that write put each result, whole and on the disk, into a folder of this run. Its holder notes the result's
hash in the journal (state "written"), moves it to its place, and notes that (state "done"). Whatever the moment at
which all of this ends, the journal and the hashes say what is left to do; a process that outlives the run that started
it can no longer change a result. Results in a store are put there by the workers (`stores.put`), and only noted here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from photochrom.batch.disk import is_of_disk, way_out
from photochrom.batch.journal import Entry, Journal
from photochrom.batch.stores import clear_uploads
from photochrom.batch.urls import Source
from photochrom.errors import BadRequest, OutputFailed

HIDDEN: Final = ".photochrom"
"""The folder in an output folder for what belongs to the batch."""


def journal_path(out: Path) -> Path:
    """The journal of the batch in the folder `out`."""
    return out / HIDDEN / "journal.sqlite"


@contextmanager
def claim(out: Path) -> Iterator[None]:
    """Makes this process the only one that runs the batch in `out`, until it ends, however it does.

    Raises:
        BadRequest: another one runs it.
        OutputFailed: the folder cannot be written.
    """
    try:
        (out / HIDDEN).mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(out / HIDDEN / "lock.sqlite", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise OutputFailed(f"{out} cannot be written: {why}.", way_out(error, out)) from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise OutputFailed(
                f"{out} cannot be written: {error}.", "Make room on the disk, or reconnect it."
            ) from error
        raise BadRequest(f"Another batch is running in {out}.", "Wait for it, or stop it first.") from error
    try:
        yield
    finally:
        lock.close()


class Publisher:
    """Where results of one run are put together, and how they come to their places below `out`. First: `recover`."""

    def __init__(self, out: Path, journal: Journal) -> None:
        self._out, self._journal = out, journal
        self.folder = out / HIDDEN / f"work-{uuid.uuid4().hex}"
        self._store = journal.settings.store

    def staged(self, entry: Entry) -> Path:
        """Where the result of a file is to be written."""
        return self.folder / f"{entry.id}{entry.output.suffix}"

    def recover(self) -> None:
        """Finishes what an earlier run had written, queues what it had begun, and removes what it left behind.

        Raises:
            OutputFailed: the folder cannot be written.
        """
        for entry in list(self._journal.entries("written")):
            staged = self._out / str(entry.staged)
            if sha256(self._out / entry.output) == entry.result_sha256:
                self._journal.done(entry.id)
            elif sha256(staged) == entry.result_sha256:
                self._publish(entry, staged)
        self._journal.requeue("written")
        self._journal.requeue("running")
        self.clear()
        _create(self.folder)

    def publish(self, entry: Entry, name: str, **facts: object) -> Entry:
        """Moves the result of a file, written under this name where `staged` says, to its place. In a store it is there
        already. `facts`: what the journal keeps of it.

        Raises:
            OutputFailed: the folder or the journal cannot be written.
        """
        if self._store is not None:
            return self._journal.done(entry.id, **facts)
        staged = self.folder / name
        self._journal.written(entry.id, str(staged.relative_to(self._out)), **facts)
        return self._publish(entry, staged)

    def _publish(self, entry: Entry, staged: Path) -> Entry:
        final = self._out / entry.output
        if final.exists() and (entry.replaces is None or sha256(final) != entry.replaces):
            staged.unlink(missing_ok=True)
            return self._journal.failed(entry.id, *taken(final))
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(final)
            _sync(final.parent)
        except OSError as error:
            cause = f"{final} cannot be written: {error.strerror}."
            if is_of_disk(error, self._out):
                raise OutputFailed(cause, "Make room on the disk or reconnect it, then resume.") from error
            return self._journal.failed(
                entry.id, cause, "Rename what is in the way, then run photochrom batch --retry."
            )
        return self._journal.done(entry.id)

    def clear(self) -> None:
        """Removes what runs have left unfinished.

        Raises:
            OutputFailed: the store of the results cannot be reached.
        """
        for room in (self._out / HIDDEN).glob("work-*"):
            shutil.rmtree(room, ignore_errors=True)
        if self._store is not None:
            clear_uploads(self._store, lambda: {str(entry.output) for entry in self._journal.entries()})


def taken(place: Source) -> tuple[str, str]:
    """Why a result is not put there, and the next step."""
    return (
        f"{place} already exists, and is not a result of this batch.",
        "Move it away, then run photochrom batch --retry.",
    )


def _create(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{folder} cannot be created: {error.strerror}.", "Choose another folder.") from error


def _sync(folder: Path) -> None:
    """The names in a folder to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256(path: Path) -> str | None:
    """Of a file; None where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
