"""What `photochrom batch` prints of its files: each as it is finished, and all at the end."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from photochrom.cli.terminal import print_error, print_json
from photochrom.errors import PhotochromError

if TYPE_CHECKING:
    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.plan import Plan
    from photochrom.batch.urls import Source

NOTICED: Final = {"negative": "Negatives, by their looks", "faded": "Faded prints"}
"""What is said of photographs that look scanned from something else than a print."""

NAMED: Final = 10
"""So many files that are no pictures are named in the summary."""


def print_finished(entry: Entry, place: Source, as_json: bool) -> None:
    """One finished file: as JSON; or its result, below `place`, to stdout, its failure to stderr."""
    if as_json:
        print_json(_as_json(entry, place))
    elif entry.state == "done":
        for note in entry.notes:
            typer.echo(f"photochrom: {note}", err=True)
        typer.echo(place / entry.output)
    if entry.state == "failed":
        print_error(PhotochromError(entry.reason, entry.next_step))


def _as_json(entry: Entry, place: Source) -> dict[str, object]:
    facts = {
        "source": str(entry.source),
        **({"page": entry.page} if entry.page else {}),
        "state": entry.state,
    }
    if entry.state != "done":
        return {**facts, "reason": entry.reason, **({"next_step": entry.next_step} if entry.next_step else {})}
    return {
        **facts,
        "output": str(place / entry.output),
        "colorizer": entry.colorizer,
        "shares": entry.shares,
        "uncertainty": entry.uncertainty,
        "noticed": entry.noticed,
        "seconds": entry.seconds,
        "width": entry.width,
        "height": entry.height,
        "notes": entry.notes,
        "source_sha256": entry.source_sha256,
        "tones_sha256": entry.tones_sha256,
        "result_sha256": entry.result_sha256,
    }


def say_how_many_agree(out: Path, as_json: bool) -> None:
    """Of the photographs of all albums."""
    from photochrom.batch import publishing
    from photochrom.batch.agreements import Agreements

    with closing(Agreements(publishing.journal_path(out))) as notes:
        matching, alone = notes.counts()
    if as_json:
        print_json({"album": {"matching": matching, "alone": alone}})
    else:
        typer.echo(
            f"photochrom: album: {matching} agree with others; {alone} match none, and stay as they are.", err=True
        )


def summarize(out: Path, journal: Journal, plan: Plan | None, page: Path | None, as_json: bool) -> None:
    """How many were done, failed and skipped, over the whole batch; what was left out when it was planned."""
    counts = journal.counts()
    reasons = Counter(entry.reason for entry in journal.entries("skipped"))
    noticed = Counter(entry.noticed for entry in journal.entries("done") if entry.noticed in NOTICED)
    others = [path.name for path in plan.others] if plan else []
    unreadable = plan.unreadable if plan else []
    if as_json:
        summary = {state: counts.get(state, 0) for state in ("done", "failed", "skipped", "queued")}
        print_json(
            {
                "summary": {
                    **summary,
                    "skipped_because": reasons,
                    "noticed": noticed,
                    "no_pictures": others,
                    "unreadable": unreadable,
                    **({"report": str(page)} if page else {}),
                }
            }
        )
        return
    said = [f"{counts.get('done', 0)} done", f"{counts.get('failed', 0)} failed"]
    said += [f"{count} skipped ({reason})" for reason, count in reasons.items()]
    typer.echo(f"photochrom: {sum(counts.values())} photographs: {', '.join(said)}.", err=True)
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        typer.echo(f"  No pictures: {', '.join(others[:NAMED])}{more}.", err=True)
    for each in unreadable:
        typer.echo(f"  {each}", err=True)
    for original, count in noticed.items():
        typer.echo(f"  {NOTICED[str(original)]}: {count}. “Redo” in the report sets them right.", err=True)
    if counts.get("failed"):
        typer.echo(f"  Try the failed ones again with: photochrom batch --retry {out}", err=True)
    if page:
        typer.echo(f"  Look at the results: {page}", err=True)
