"""The batch in an output folder: begun, or opened again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from photochrom.batch import journal, publishing
from photochrom.batch.journal import Journal
from photochrom.batch.plan import Patterns, Plan, plan
from photochrom.batch.settings import Settings
from photochrom.batch.urls import Source
from photochrom.errors import BadRequest


@contextmanager
def planned(
    inputs: Sequence[Source], out: Path, settings: Settings, patterns: Patterns
) -> Iterator[tuple[Journal, Plan]]:
    """The batch in `out`, new or with the same settings, for this process alone; what is new in `inputs` is queued.

    Raises:
        BadRequest: there is nothing to colorize, another batch in `out`, or one that is running; as `plan.plan`.
        OutputFailed: the folder cannot be written.
    """
    found = photographs(inputs, out, settings, patterns)
    with publishing.claim(out), closing(begin(out, settings)) as notes:
        known = [(entry.source, entry.page, entry.output) for entry in notes.entries()]
        if known:
            found = plan(inputs, out, settings, patterns, known)
        notes.add(found.pictures)
        yield notes, found


def photographs(inputs: Sequence[Source], out: Path, settings: Settings, patterns: Patterns) -> Plan:
    """As `plan.plan`; also raises BadRequest where there is nothing to colorize."""
    found = plan(inputs, out, settings, patterns)
    if not found.pictures:
        raise BadRequest("There are no photographs to colorize.", "Check the inputs and the patterns.")
    return found


def begin(out: Path, settings: Settings) -> Journal:
    """The journal of a new batch in `out`, or of the one that is there if it has the same settings.

    Results say that they were made when their batch began: $SOURCE_DATE_EPOCH, if set, else now.

    Raises:
        BadRequest: there is a batch with other settings. OutputFailed: the folder cannot be written.
    """
    found = journal.open_journal(publishing.journal_path(out))
    if found is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
        return journal.create(publishing.journal_path(out), settings, now)
    if found.settings != settings:
        found.close()
        raise BadRequest(
            f"{out} has a batch with other settings.", "Choose another output folder, or the same settings as before."
        )
    return found


def reopen(out: Path) -> Journal:
    """The journal of the batch in `out`.

    Raises:
        BadRequest: there is none.
    """
    found = journal.open_journal(publishing.journal_path(out))
    if found is None:
        raise BadRequest(f"{out} has no batch.", "Begin one with: photochrom batch PHOTOGRAPHS -o OUTPUT.")
    return found
