"""What a person decided about results: to colorize some anew, by another colorizer, or to leave them gray.

A list has one JSON object a line, with the path of a `result` relative to the output folder and a `mark`: "approve"
keeps it, "redo" colorizes it again, by a `colorizer` if one is named, "gray" removes it and leaves the photograph gray.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

from photochrom.batch.journal import Journal
from photochrom.batch.publishing import sha256
from photochrom.errors import BadRequest
from photochrom.pipeline import load_all
from photochrom_client.protocol import AUTO

MARKS: Final = ("approve", "redo", "gray")

LEFT_GRAY: Final = "left gray by hand"
"""Why a photograph is skipped."""


class Decision(NamedTuple):
    """One line of a list."""

    result: str
    mark: str
    colorizer: str | None


def read(path: Path) -> list[Decision]:
    """The decisions in the file `path`.

    Raises:
        BadRequest: it cannot be read, or a line is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read: {error}.", "Name a list of decisions.") from error
    return [_decision(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def decide(out: Path, journal: Journal, decisions: list[Decision]) -> int:
    """Queues what is to be done again, and removes what is to be gray; how many are queued.

    A result that somebody changed since is neither replaced nor removed.

    Raises:
        BadRequest: there is no such result in the batch. ModelMissing, ModelDamaged: a colorizer cannot be used. Then
            nothing is done.
    """
    for name in sorted({each.colorizer for each in decisions if each.colorizer} - {AUTO}):
        load_all(name)
    known = {str(entry.output): entry for entry in journal.entries()}
    unknown = next((each.result for each in decisions if each.result not in known), None)
    if unknown is not None:
        raise BadRequest(f"There is no result {unknown} in this batch.", "Use a list made from this batch.")
    queued = 0
    for each in decisions:
        entry = known[each.result]
        if each.mark == "redo":
            journal.requeue_one(entry.id, each.colorizer)
            queued += 1
        elif each.mark == "gray":
            if entry.result_sha256 and sha256(out / entry.output) == entry.result_sha256:
                (out / entry.output).unlink()
            journal.skipped(entry.id, LEFT_GRAY)
    return queued


def _decision(path: Path, number: int, line: str) -> Decision:
    try:
        values = json.loads(line)
        decision = Decision(values["result"], values["mark"], values.get("colorizer"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest(f"{path}, line {number}: this is no decision.", "Each needs a result and a mark.") from error
    if decision.mark not in MARKS:
        raise BadRequest(f"{path}, line {number}: there is no mark {decision.mark!r}.", f"Use {', '.join(MARKS)}.")
    return decision
