"""What the bag holds, and under which names."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from photochrom.batch.journal import Entry
from photochrom.batch.naming import Names
from photochrom.errors import OutputFailed
from photochrom.progress import Progress

RESULTS: Final = "results"
ACCESS: Final = "access"

_UNSAFE: Final = re.compile("[%\r\n\udc80-\udcff]")
"""In a manifest of BagIt some programs take `%0A` for a line's end and others do not; the last are bytes that are no
text (see `os.fsdecode`)."""


class Payload:
    """The results of a bag that is put together in the folder `draft`."""

    def __init__(self, draft: Path, done: Sequence[Entry]) -> None:
        self.draft, self.done = draft, done
        self._names = _safe_names(done)
        self.photographs: set[int] = set()
        """Of which files, by their id, there is a small copy of the photograph."""
        self.colored: set[int] = set()
        """Of which there is one of the result."""

    def place(self, entry: Entry) -> PurePosixPath:
        """Where the result of a file is, or would be."""
        return PurePosixPath(RESULTS, self._names.get(entry.id, entry.output))

    def photograph(self, entry: Entry) -> PurePosixPath:
        """Where the small copy of a photograph is, if there is one."""
        return PurePosixPath(ACCESS, f"{self._names[entry.id]}.photograph.jpg")

    def color(self, entry: Entry) -> PurePosixPath:
        """Where the small copy of a result is."""
        return PurePosixPath(ACCESS, f"{self._names[entry.id]}.color.jpg")

    def link_results(self, out: Path, progress: Progress) -> None:
        """Puts the results of the batch in `out` into the draft.

        Raises:
            OutputFailed: a result is gone. OSError: the disk is full or gone.
        """
        self.draft.mkdir(parents=True)
        for number, entry in enumerate(self.done):
            progress(number / len(self.done), "Collecting the results")
            try:
                link(out / entry.output, self.draft / self.place(entry))
            except FileNotFoundError as error:
                raise OutputFailed(
                    f"{out / entry.output} is gone.",
                    "Put it back, or make it again: photochrom batch --redo, with a list that says so.",
                ) from error


def link(source: Path, target: Path) -> None:
    """A file under a second name, which takes no room; a copy where the disk has no such thing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def sync() -> None:
    """All that was written to the disk, where the system can do that."""
    if hasattr(os, "sync"):
        os.sync()


def _safe_names(done: Sequence[Entry]) -> dict[int, PurePosixPath]:
    """The names of results in the bag, by the ids of their files: those of the batch, without what BagIt's readers
    disagree about."""
    plain = {entry.id: entry.output for entry in done if not _UNSAFE.search(str(entry.output))}
    names = Names(plain.values())
    for entry in done:
        if entry.id not in plain:
            safe = PurePosixPath(_UNSAFE.sub("_", str(entry.output)))
            plain[entry.id] = names.claim(safe.parent, Path(safe.name), "", safe.suffix)
    return plain
