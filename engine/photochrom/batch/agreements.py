"""What the frames of albums agreed on, and objects in colors of their own, kept in two tables of the journal."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from photochrom.album.moves import Painted
from photochrom.batch import journal
from photochrom.errors import OutputFailed
from photochrom.values import Plane

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS agreed (id INTEGER PRIMARY KEY, changed INTEGER NOT NULL, matching INTEGER NOT NULL, "
    "move BLOB)",
    "CREATE TABLE IF NOT EXISTS painted (id INTEGER NOT NULL, mask BLOB NOT NULL, width INTEGER NOT NULL, "
    "a REAL NOT NULL, b REAL NOT NULL, note TEXT NOT NULL)",
)

_AGREED: Final = "files JOIN agreed ON agreed.id = files.id AND agreed.changed = files.changed"
"""Files with what they agreed on; a file that changed since has to agree anew."""


class Frame(NamedTuple):
    """What became of a file in its album: with how many others it `matching`, and its `move` (h, w, 2), None if it
    stays as it is."""

    id: int
    matching: int
    move: Plane | None


class Agreements:
    """The tables in the journal at `path`. For one thread, while the batch is claimed (`publishing.claim`).

    Raises OutputFailed from every call where the database cannot be written any more.
    """

    def __init__(self, path: Path) -> None:
        self._database = journal.connect(path)
        with self._writing():
            for statement in _TABLES:
                self._database.execute(statement)

    def close(self) -> None:
        """Closes them; what was kept is on the disk."""
        self._database.close()

    def keep(self, frames: Iterable[Frame]) -> None:
        """Keeps what one album agreed on: all of it, or nothing if this is ended before."""
        rows = ((each.matching, None if each.move is None else _packed(each.move), each.id) for each in frames)
        with self._writing():
            self._database.executemany(
                "INSERT OR REPLACE INTO agreed SELECT id, changed, ?, ? FROM files WHERE id = ?", rows
            )

    def agreed(self) -> set[int]:
        """The files that have agreed."""
        return {id for (id,) in self._database.execute(f"SELECT files.id FROM {_AGREED}")}

    def move(self, id: int) -> Plane | None:
        """The move of a file's cells (h, w, 2); None where it stays as it is."""
        row = self._database.execute(f"SELECT move FROM {_AGREED} WHERE files.id = ?", (id,)).fetchone()
        return None if row is None or row[0] is None else _unpacked(row[0])

    def counts(self) -> tuple[int, int]:
        """How many files match others, and how many match none."""
        matching, total = self._database.execute(f"SELECT total(matching > 0), count(*) FROM {_AGREED}").fetchone()
        return int(matching), total - int(matching)

    def paint(self, objects: Iterable[tuple[int, Painted]]) -> None:
        """Keeps objects of files, on top of those that they have."""
        rows = (
            (id, _packed(np.packbits(each.mask, 1)), each.mask.shape[1], *each.color, each.note) for id, each in objects
        )
        with self._writing():
            self._database.executemany("INSERT INTO painted VALUES (?, ?, ?, ?, ?, ?)", rows)

    def painted(self, id: int) -> list[Painted]:
        """The objects of a file, the last one on top."""
        rows = self._database.execute("SELECT mask, width, a, b, note FROM painted WHERE id = ? ORDER BY rowid", (id,))
        return [
            Painted(np.unpackbits(_unpacked(mask), 1, width).astype(bool), (a, b), note)
            for mask, width, a, b, note in rows
        ]

    def of(self, id: int) -> Agreed:
        """What applies to one file."""
        return Agreed(self.move(id), self.painted(id))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._database:
                yield
        except sqlite3.OperationalError as error:
            raise OutputFailed(
                f"The journal cannot be written: {error}.", "Make room on the disk or reconnect it, then resume."
            ) from error


class Agreed(NamedTuple):
    """What applies to one file alone, answered as `Agreements` do: for a worker that has no journal."""

    its_move: Plane | None
    its_objects: list[Painted]

    def move(self, _id: int) -> Plane | None:
        """See `Agreements`."""
        return self.its_move

    def painted(self, _id: int) -> list[Painted]:
        """See `Agreements`."""
        return self.its_objects


def _packed(values: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=False)
    return file.getvalue()


def _unpacked(data: bytes) -> Any:
    return np.load(io.BytesIO(data), allow_pickle=False)
