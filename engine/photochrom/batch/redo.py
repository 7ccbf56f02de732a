"""What a person decided about results: to colorize some anew, by another colorizer or in another style, or to leave
them gray. The report of a batch exports such a list.

A list has one JSON object a line, with the path of a `result` relative to the output folder and a `mark`: "approve"
keeps it, "redo" colorizes it again, by a `colorizer`, in a `style` and as an `original` if they are named, "gray"
replaces it by the photograph without color. With its `result_sha256` a line counts only for that very result. A line
with a `folder` in place of a result names the output folder.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

from photochrom.batch.journal import Entry, Journal
from photochrom.batch.messages import GRAY
from photochrom.errors import BadRequest
from photochrom.pipeline import load_all
from photochrom_client.protocol import AUTO, ORIGINALS, STYLES

MARKS: Final = ("approve", "redo", "gray")


class Decision(NamedTuple):
    """One line of a list."""

    result: str
    mark: str
    colorizer: str | None = None
    style: str | None = None
    original: str | None = None
    result_sha256: str | None = None


class Decisions(NamedTuple):
    """A list; `folder`: the output folder of its batch, if it says so."""

    folder: Path | None
    lines: list[Decision]


def read(path: Path) -> Decisions:
    """The decisions in the file `path`.

    Raises:
        BadRequest: it cannot be read, or a line is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read: {error}.", "Name a list of decisions.") from error
    folder, decisions = None, []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            if "folder" in values and "result" not in values:
                folder = Path(values["folder"])
            else:
                decisions.append(_decision(values))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadRequest(f"{path}, line {number}: this is no decision.", _NEEDED) from error
    return Decisions(folder, decisions)


def decide(journal: Journal, decisions: list[Decision]) -> Counter[str]:
    """Queues what is to be done again; how many: "redo", "gray", "approve", and "stale" for lines of results that were
    done again since.

    Raises:
        BadRequest: there is no such result in the batch. ModelMissing, ModelDamaged: a colorizer cannot be used. Then
            nothing is queued.
    """
    for name in sorted({each.colorizer for each in decisions if each.colorizer} - {AUTO}):
        load_all(name)
    known = {str(entry.output): entry for entry in journal.entries()}
    unknown = next((each.result for each in decisions if each.result not in known), None)
    if unknown is not None:
        raise BadRequest(f"There is no result {unknown} in this batch.", "Use a list made from this batch.")
    settings, counts = journal.settings, Counter[str]()
    for each in decisions:
        entry = known[each.result]
        if each.mark != "approve" and _is_stale(each, entry):
            counts["stale"] += 1
            continue
        counts[each.mark] += 1
        if each.mark == "gray":
            journal.requeue_one(entry.id, GRAY)
        elif each.mark == "redo":
            journal.requeue_one(
                entry.id,
                f"{each.colorizer or settings.colorizer}:{each.style or settings.style}"
                f":{each.original or settings.original}",
            )
    return counts


def _is_stale(decision: Decision, entry: Entry) -> bool:
    return decision.result_sha256 is not None and decision.result_sha256 != entry.result_sha256


_NEEDED: Final = (
    f"Each needs a result and a mark, one of {', '.join(MARKS)}; a style is one of {', '.join(STYLES)}, an original "
    f"one of {', '.join(ORIGINALS)}."
)


def _decision(values: dict[str, Any]) -> Decision:
    """Raises ValueError, TypeError, KeyError or AttributeError for what is none."""
    decision = Decision(
        values["result"],
        values["mark"],
        *(values.get(name) for name in ("colorizer", "style", "original", "result_sha256")),
    )
    if not all(isinstance(each, str | None) for each in decision) or ":" in (decision.colorizer or ""):
        raise TypeError
    if decision.mark not in MARKS or decision.style not in (None, *STYLES):
        raise ValueError
    if decision.original not in (None, *ORIGINALS):
        raise ValueError
    return decision
