"""The journal of a batch: its settings and what became of every file, in one SQLite database.

Every step is one transaction that is on the disk before the next step begins, so that the journal never says more than
what has happened. In between, a file's result may be ready but not in its place: state "written" (see `publishing`).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from photochrom.batch.disk import way_out
from photochrom.batch.plan import Planned
from photochrom.batch.settings import Settings
from photochrom.batch.urls import Source, is_url, source_of
from photochrom.errors import BadRequest, OutputFailed

State = Literal["queued", "running", "written", "done", "failed", "skipped"]

VERSION: Final = 3
"""Of the tables."""

_UPGRADES: Final = {2: "ALTER TABLE files ADD COLUMN noticed TEXT"}
"""What brings the tables of an earlier version to the next one."""

_TABLES: Final = """
CREATE TABLE batch (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL, root TEXT NOT NULL, page INTEGER NOT NULL, output TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, changed INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued', reason TEXT NOT NULL DEFAULT '', next_step TEXT NOT NULL DEFAULT '',
    width INTEGER, height INTEGER, seconds REAL, colorizer TEXT, shares TEXT, uncertainty REAL, notes TEXT,
    source_sha256 TEXT, tones_sha256 TEXT, settings_sha256 TEXT, model_sha256 TEXT,
    result_sha256 TEXT, result_bytes INTEGER,
    staged TEXT, replaces TEXT, colorizer_wanted TEXT, finished TEXT, given TEXT, noticed TEXT,
    UNIQUE (source, page)
);
CREATE INDEX files_by_state ON files (state, id);
"""


@dataclass(frozen=True)
class Entry:
    """One file of a batch: what was planned of it, its `state`, the `reason` why it failed or was skipped, and, once it
    is done, facts of the result.

    `seconds` of work on it; `shares`: whose colors it has (0…1); `uncertainty`: the mean of `guidance.uncertainty`
    (0…1), None where the colorizer gives no distribution; `staged`: where the result waits for its place; `replaces`:
    SHA-256 of the earlier result that may be replaced; `tones_sha256`: `image.tone_seal.seal` of the photograph;
    `colorizer_wanted`: the one to use in place of that of the settings, with its style, and what was scanned
    ("lite:calm:negative"), or `messages.GRAY` for none; `given`: the colors that a person gave, as
    `photochrom_client.given.written`; `noticed`: what it looks scanned from, one of `ORIGINALS`.
    """

    id: int
    source: Source
    root: Source
    page: int
    output: PurePosixPath
    size: int
    state: State
    reason: str = ""
    next_step: str = ""
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    colorizer: str | None = None
    shares: dict[str, float] = field(default_factory=dict)
    uncertainty: float | None = None
    notes: tuple[str, ...] = ()
    source_sha256: str | None = None
    tones_sha256: str | None = None
    settings_sha256: str | None = None
    model_sha256: str | None = None
    result_sha256: str | None = None
    result_bytes: int | None = None
    staged: str | None = None
    replaces: str | None = None
    colorizer_wanted: str | None = None
    finished: str | None = None
    given: str | None = None
    noticed: str | None = None


class Journal:
    """An open journal. For one thread, and for one batch at a time (`publishing.claim`); others may read.

    Raises OutputFailed from every call where the database cannot be written any more.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.row_factory = sqlite3.Row

    def close(self) -> None:
        """Closes it; what was called before is on the disk."""
        self._database.close()

    @property
    def settings(self) -> Settings:
        """What the batch was asked for."""
        return Settings.from_json(self._value("settings"))

    @property
    def started(self) -> datetime:
        """When the batch was planned first: the time that its results say they were made."""
        return datetime.fromisoformat(self._value("started"))

    def add(self, planned: Iterable[Planned]) -> int:
        """Queues files that are new, or that changed since they were done; how many."""
        with self._writing() as database:
            before = database.total_changes
            database.executemany(
                "INSERT INTO files (source, root, page, output, size, changed) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (source, page) DO UPDATE SET state = 'queued', size = excluded.size, "
                "changed = excluded.changed, reason = '', next_step = '', replaces = coalesce(result_sha256, replaces) "
                "WHERE (size, changed) <> (excluded.size, excluded.changed)",
                (
                    (_text(each.source), _text(each.root), each.page, _text(each.output), each.size, each.changed)
                    for each in planned
                ),
            )
            return database.total_changes - before

    def next(self) -> Entry | None:
        """The first file that is queued, which is then running; None when there is none."""
        row = self._database.execute("SELECT * FROM files WHERE state = 'queued' ORDER BY id LIMIT 1").fetchone()
        if row is None:
            return None
        with self._writing() as database:
            database.execute("UPDATE files SET state = 'running' WHERE id = ?", (row["id"],))
        return _entry(row)

    def written(self, id: int, staged: str, **facts: Any) -> None:
        """The result is whole at `staged`, and not yet in its place; `facts`: columns by name."""
        self._set(id, "written", staged=staged, **facts)

    def done(self, id: int, **facts: Any) -> Entry:
        """The result is in its place; `facts`: columns by name."""
        return self._set(id, "done", staged=None, replaces=None, finished=_now(), **facts)

    def failed(self, id: int, reason: str, next_step: str = "", **facts: Any) -> Entry:
        """There is no result, and why."""
        return self._set(id, "failed", reason=reason, next_step=next_step, staged=None, finished=_now(), **facts)

    def skipped(self, id: int, reason: str, **facts: Any) -> Entry:
        """The file is not colorized, and why."""
        return self._set(id, "skipped", reason=reason, staged=None, finished=_now(), **facts)

    def requeue(self, state: State) -> int:
        """Queues all files of one state again; how many."""
        with self._writing() as database:
            done = database.execute(
                "UPDATE files SET state = 'queued', reason = '', next_step = '', staged = NULL WHERE state = ?",
                (state,),
            )
            return done.rowcount

    def requeue_one(self, id: int, colorizer: str | None = None) -> None:
        """Queues one file again; its earlier result is replaced then. `colorizer`: another one for it."""
        with self._writing() as database:
            database.execute(
                "UPDATE files SET state = 'queued', reason = '', next_step = '', staged = NULL, "
                "replaces = coalesce(result_sha256, replaces), "
                "colorizer_wanted = coalesce(?, colorizer_wanted) WHERE id = ?",
                (colorizer, id),
            )

    def entries(self, state: State | None = None) -> Iterator[Entry]:
        """All files, or those of one state, in their order."""
        where, values = ("WHERE state = ?", (state,)) if state else ("", ())
        for row in self._database.execute(f"SELECT * FROM files {where} ORDER BY id", values):
            yield _entry(row)

    def counts(self) -> dict[State, int]:
        """How many files are in each state that occurs."""
        return dict(self._database.execute("SELECT state, count(*) FROM files GROUP BY state").fetchall())

    def _value(self, key: str) -> str:
        return str(self._database.execute("SELECT value FROM batch WHERE key = ?", (key,)).fetchone()[0])

    def _set(self, id: int, state: State, **columns: Any) -> Entry:
        columns["state"] = state
        names = ", ".join(f"{name} = ?" for name in columns)
        with self._writing() as database:
            row = database.execute(
                f"UPDATE files SET {names} WHERE id = ? RETURNING *", (*columns.values(), id)
            ).fetchone()
        return _entry(row)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        try:
            with self._database:
                yield self._database
        except sqlite3.OperationalError as error:
            raise OutputFailed(
                f"The journal cannot be written: {error}.", "Make room on the disk or reconnect it, then resume."
            ) from error


def create(path: Path, settings: Settings, started: datetime) -> Journal:
    """A new journal in the file `path`.

    Raises:
        OutputFailed: it cannot be written.
    """
    try:
        database = connect(path)
        with database:
            # One transaction: a journal without its settings must not be taken for one.
            for statement in filter(str.strip, ("BEGIN IMMEDIATE;" + _TABLES).split(";")):
                database.execute(statement)
            values = {"settings": settings.as_json(), "started": started.isoformat(timespec="seconds")}
            database.executemany("INSERT INTO batch VALUES (?, ?)", values.items())
            database.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.Error as error:
        raise OutputFailed(f"{path} cannot be written: {error}.", way_out(error, path.parent)) from error
    return Journal(database)


def open_journal(path: Path) -> Journal | None:
    """The journal in the file `path`; None where there is none, or one that was never completed.

    Raises:
        BadRequest: the file is no journal, or of a later version of Photochrom.
    """
    if not path.is_file():
        return None
    try:
        database = connect(path)
        version = database.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        raise BadRequest(f"{path} is not the journal of a batch: {error}.", "Choose another output folder.") from error
    if version == 0:
        database.close()
        return None
    while version in _UPGRADES:
        with database:
            database.execute(_UPGRADES[version])
            version += 1
            database.execute(f"PRAGMA user_version = {version}")
    if version != VERSION:
        raise BadRequest(f"{path} was written by another version of Photochrom.", "Use that version to resume it.")
    return Journal(database)


def connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    # Where the file system has no shared memory (some network shares), SQLite keeps its older kind of journal.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database


def _entry(row: sqlite3.Row) -> Entry:
    values = dict(row)
    del values["changed"]
    values["source"], values["root"] = _source(values["source"]), _source(values["root"])
    values["output"] = PurePosixPath(os.fsdecode(values["output"]))
    values["shares"] = json.loads(values["shares"] or "{}")
    values["notes"] = tuple(json.loads(values["notes"] or "[]"))
    return Entry(**values)


def _text(path: Source | PurePosixPath) -> str | bytes:
    """A path as it is stored: text, or bytes where its name is not valid UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return os.fsencode(str(path))
    return str(path)


def _source(stored: str | bytes) -> Source:
    return source_of(stored) if isinstance(stored, str) and is_url(stored) else Path(os.fsdecode(stored))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
