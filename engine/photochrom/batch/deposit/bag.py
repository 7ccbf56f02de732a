"""The bag itself, by the library of the Library of Congress: BagIt, RFC 8493."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photochrom import __version__
from photochrom.batch.report import key_of
from photochrom.errors import OutputFailed

if TYPE_CHECKING:
    from photochrom.batch.deposit.payload import Payload
    from photochrom.batch.journal import Journal
    from photochrom.progress import Progress

NAMED: Final = 5
"""So many results that were changed are named in an error."""


def identifier(journal: Journal) -> str:
    """What tells the bag of a batch from others."""
    return f"photochrom-batch-{key_of(journal)}"


def check_ours(path: Path, journal: Journal) -> None:
    """Whether what is at `path`, if anything, is a bag of this batch, and may be replaced.

    Raises:
        OutputFailed: it is not.
    """
    if not path.exists():
        return
    try:
        ours = f"External-Identifier: {identifier(journal)}\n" in (path / "bag-info.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        ours = False
    if not ours:
        raise OutputFailed(f"{path} exists, and is not the deposit of this batch.", "Rename or move it, then resume.")


def make(draft: Path, journal: Journal, payload: Payload, progress: Progress) -> None:
    """Makes the folder `draft` a bag, and checks that the results in it are those that the batch wrote.

    Raises:
        OutputFailed: results were changed since. OSError: it cannot be written. Cancelled: by `progress`.
    """
    import bagit

    files = sum(path.is_file() for path in draft.rglob("*"))
    seen = 0

    def next_file() -> None:
        nonlocal seen
        seen += 1
        progress(min(1.0, seen / max(1, files)), "Hashing the deposit")

    with _watched(bagit.LOGGER, next_file):
        made = bagit.make_bag(str(draft), _info(journal, payload), checksums=["sha256"])
    _sort_lines(draft / "tagmanifest-sha256.txt")
    hashes = made.payload_entries()
    changed = [
        str(entry.output)
        for entry in payload.done
        if hashes[f"data/{payload.place(entry)}"]["sha256"] != entry.result_sha256
    ]
    if changed:
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        raise OutputFailed(
            f"These results were changed since the batch wrote them: {', '.join(changed[:NAMED])}{more}.",
            "Put them back, or make them again: photochrom batch --redo, with a list that says so.",
        )


def finished(journal: Journal) -> str:
    """When the batch was last worked on, in ISO 8601: what a bag made of it says of its time, whenever it is made."""
    return max((entry.finished for entry in journal.entries() if entry.finished), default=journal.started.isoformat())


def _info(journal: Journal, payload: Payload) -> dict[str, str]:
    import bagit

    return {
        "External-Identifier": identifier(journal),
        "External-Description": f"{len(payload.done)} photographs colorized by Photochrom; see data/README.txt",
        "Bagging-Date": finished(journal)[:10],
        "Bag-Software-Agent": f"Photochrom {__version__}, bagit.py {bagit.VERSION}",
    }


def _sort_lines(path: Path) -> None:
    """Of a list that bagit writes in the order in which the file system names files."""
    path.write_text("".join(sorted(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")


@contextmanager
def _watched(logger: logging.Logger, next_file: Callable[[], None]) -> Iterator[None]:
    """Calls `next_file` for each file that bagit hashes: it says so in its log alone, which nobody else sees."""

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and record.args and str(record.args[0]).startswith("data"):
                next_file()

    watch, level, propagate = Watch(), logger.level, logger.propagate
    logger.addHandler(watch)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(watch)
        logger.setLevel(level)
        logger.propagate = propagate
