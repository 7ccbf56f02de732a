"""`photochrom batch`: folders of photographs, in a run that can be stopped at any moment and resumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from photochrom.cli.options import (
    PICTURES,
    AllPages,
    Chroma,
    Colorizer,
    Colors,
    FormatOption,
    Harmonize,
    Json,
    Layered,
    Mark,
    Page,
    Profile,
    Segmenter,
    Style,
)
from photochrom.cli.terminal import print_error, print_json, stoppable
from photochrom.errors import BadRequest, Cancelled, PhotochromError

if TYPE_CHECKING:
    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.plan import Patterns, Plan
    from photochrom.batch.redo import Decision
    from photochrom.batch.settings import Settings

NAMED = 10
"""So many files that are no pictures are named in the summary."""


# Long because each option is a parameter.
def batch(
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(help=f"Photographs, or folders of them: {PICTURES}", metavar="INPUT", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Output folder; it gets the tree of the inputs."),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Resume the batch in this output folder.", show_default=False)
    ] = None,
    retry: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Resume it, and try the failed files again.", show_default=False),
    ] = None,
    redo: Annotated[
        Path | None,
        typer.Option(
            metavar="LIST", help="Colorize again, or leave gray, what a report's list says.", show_default=False
        ),
    ] = None,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Write manifest.jsonl and manifest.csv into the output folder.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Colorize a sample, and estimate the time and room for all.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Files worked on at a time. Default: one more than there are cores."),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Only files that match, such as '*.tif' or 'album/*'. Repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="No files that match. Repeatable.")
    ] = None,
    include_color: Annotated[
        bool, typer.Option("--include-color", help="Colorize photographs that are in color already, too.")
    ] = False,
    format: FormatOption = None,
    depth: Annotated[
        int | None,
        typer.Option(metavar="8|16", help="Bits per sample of PNG and TIFF. Default: those of the photograph."),
    ] = None,
    quality: Annotated[
        int | None,
        typer.Option(min=1, max=100, metavar="1…100", help="Quality of JPEG (default 95) and WebP (default lossless)."),
    ] = None,
    colorizer: Colorizer = "auto",
    chroma: Chroma = 1.0,
    style: Colors = Style.VIVID,
    harmonize: Harmonize = False,
    segmenter: Segmenter = "",
    layered: Layered = False,
    profile: Profile = None,
    mark: Mark = True,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write report.html, a contact sheet, into the output folder.")
    ] = True,
    page: Page = None,
    all_pages: AllPages = False,
    as_json: Json = False,
) -> None:
    """Colorize folders of photographs. Prints the path of each result, one per line.

    Stop it at any moment, by Ctrl-C or a power cut, and resume it with --resume FOLDER. The originals are only read.
    """
    from photochrom.batch import opening, publishing
    from photochrom.batch.plan import Patterns
    from photochrom.batch.redo import read
    from photochrom.batch.runner import default_jobs
    from photochrom.batch.settings import Settings
    from photochrom.pipeline import guide_side

    decisions = read(redo) if redo else None
    if decisions and not retry:
        resume = resume or decisions.folder
    out = _only_one(inputs, output, resume, retry)
    jobs = jobs or default_jobs()
    if resume or retry:
        if dry_run:
            raise BadRequest("A batch that is resumed has no dry run.", "Leave --dry-run out.")
        with publishing.claim(out), closing(opening.reopen(out)) as journal:
            if retry:
                journal.requeue("failed")
            if decisions:
                _decide(journal, decisions.lines, as_json)
            _run(out, journal, jobs, None, as_json, manifest, report)
        return
    settings = Settings(
        colorizer=colorizer,
        chroma=chroma,
        style=style.value,
        harmonize=1.0 if harmonize else 0.0,
        segmenter=segmenter,
        format="ora" if layered else format.value if format else None,
        depth=depth,  # type: ignore[arg-type]  # checked there
        quality=quality,
        profile=_checked(profile),
        mark=mark,
        page=page,
        all_pages=all_pages,
        include_color=include_color,
    )
    guide_side(settings.options)  # Wrong options and missing models are reported before there is a batch.
    patterns = Patterns(tuple(include or ()), tuple(exclude or ()))
    if dry_run:
        _estimate(inputs or [], out, settings, patterns, jobs, as_json)
        return
    plan = _plan(inputs or [], out, settings, patterns, ())
    with publishing.claim(out), closing(opening.begin(out, settings)) as journal:
        known = [(entry.source, entry.page, entry.output) for entry in journal.entries()]
        if known:
            plan = _plan(inputs or [], out, settings, patterns, known)
        journal.add(plan.pictures)
        _run(out, journal, jobs, plan, as_json, manifest, report)


def _only_one(inputs: list[Path] | None, output: Path | None, resume: Path | None, retry: Path | None) -> Path:
    """The output folder, of whichever option names it."""
    if (resume or retry) and (inputs or output):
        raise BadRequest("A batch that is resumed has its inputs and settings already.", "Name its folder alone.")
    named = [each for each in (output, resume, retry) if each is not None]
    if len(named) != 1 or (output and not inputs):
        raise BadRequest(
            "Inputs and an output folder are needed, or a batch to resume.",
            "photochrom batch PHOTOGRAPHS -o OUTPUT, or photochrom batch --resume OUTPUT.",
        )
    return named[0]


def _checked(profile: str | None) -> str | None:
    """A profile that exists, a file by its whole path: resuming may start from another folder."""
    from photochrom.image.files import rgb_profile

    if profile is None:
        return None
    rgb_profile(profile)
    return str(Path(profile).resolve()) if Path(profile).is_file() else profile


def _plan(inputs: list[Path], out: Path, settings: Settings, patterns: Patterns, known: Any) -> Plan:
    from photochrom.batch.plan import plan

    found = plan(inputs, out, settings, patterns, known)
    if not found.pictures:
        raise BadRequest("There are no photographs to colorize.", "Check the inputs and the patterns.")
    return found


def _decide(journal: Journal, decisions: list[Decision], as_json: bool) -> None:
    from photochrom.batch.redo import decide

    counts = decide(journal, decisions)
    if not as_json:
        said = {"redo": "to redo", "gray": "to leave gray", "approve": "approved", "stale": "redone since"}
        typer.echo(f"photochrom: {', '.join(f'{counts[key]} {words}' for key, words in said.items())}.", err=True)


# Long because each end of a run is told apart.
def _run(
    out: Path, journal: Journal, jobs: int, plan: Plan | None, as_json: bool, manifest: bool, report: bool
) -> None:
    from photochrom.batch.manifest import write
    from photochrom.batch.report import write_report
    from photochrom.batch.runner import Run

    queued = sum(journal.counts().get(state, 0) for state in ("queued", "running", "written"))
    hint = f"Resume with: photochrom batch --resume {out}"
    try:
        with _progress(queued) as (advance, stopping):
            run = Run(out, journal, jobs, stopping)
            with closing(iter(run)) as finished:
                for entry in finished:
                    advance(entry)
                    _print(entry, out, as_json)
            page = write_report(out, journal, jobs, stopping) if report and not stopping() else None
            stopped = stopping()
    except KeyboardInterrupt:
        raise Cancelled("Stopped at once.", hint) from None
    if manifest:
        write(out, journal)
    _summarize(out, journal, plan, page, as_json)
    left = journal.counts().get("queued", 0)
    if stopped and left:
        raise Cancelled(f"Stopped; {left} are left.", hint)
    if journal.counts().get("failed") or (plan and plan.unreadable):
        raise typer.Exit(1)


@contextmanager
def _progress(total: int) -> Iterator[tuple[Callable[[Entry], None], Callable[[], bool]]]:
    """Yields (count a finished file, whether the user wants to stop): a bar on stderr if that is a terminal."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(" of "),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[failed]}", style="red"),
    )
    bars = Progress(
        *columns,
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
        speed_estimate_period=120,
    )
    with stoppable() as stop_if_asked, bars:
        task = bars.add_task("", total=total, rate="", failed="")
        failed, said = 0, False

        def advance(entry: Entry) -> None:
            nonlocal failed
            failed += entry.state == "failed"
            bars.update(task, advance=1, description=entry.source.name, failed=f"{failed} failed" if failed else "")
            speed = bars.tasks[0].speed
            bars.update(task, rate=f"{speed * 60:.0f} a minute" if speed else "")

        def stopping() -> bool:
            nonlocal said
            try:
                stop_if_asked()
            except Cancelled:
                if not said:
                    typer.echo("photochrom: finishing what is in hand; Ctrl-C again stops at once.", err=True)
                said = True
            return said

        yield advance, stopping


def _print(entry: Entry, out: Path, as_json: bool) -> None:
    """One finished file: as JSON; or its result to stdout, its failure to stderr."""
    if as_json:
        print_json(_as_json(entry, out))
    elif entry.state == "done":
        for note in entry.notes:
            typer.echo(f"photochrom: {note}", err=True)
        typer.echo(out / entry.output)
    if entry.state == "failed":
        print_error(PhotochromError(entry.reason, entry.next_step))


def _as_json(entry: Entry, out: Path) -> dict[str, object]:
    facts = {
        "source": str(entry.source),
        **({"page": entry.page} if entry.page else {}),
        "state": entry.state,
    }
    if entry.state != "done":
        return {**facts, "reason": entry.reason, **({"next_step": entry.next_step} if entry.next_step else {})}
    return {
        **facts,
        "output": str(out / entry.output),
        "colorizer": entry.colorizer,
        "shares": entry.shares,
        "uncertainty": entry.uncertainty,
        "seconds": entry.seconds,
        "width": entry.width,
        "height": entry.height,
        "notes": entry.notes,
        "source_sha256": entry.source_sha256,
        "tones_sha256": entry.tones_sha256,
        "result_sha256": entry.result_sha256,
    }


def _summarize(out: Path, journal: Journal, plan: Plan | None, page: Path | None, as_json: bool) -> None:
    """How many were done, failed and skipped, over the whole batch; what was left out when it was planned."""
    counts = journal.counts()
    reasons = Counter(entry.reason for entry in journal.entries("skipped"))
    others = [path.name for path in plan.others] if plan else []
    unreadable = plan.unreadable if plan else []
    if as_json:
        summary = {state: counts.get(state, 0) for state in ("done", "failed", "skipped", "queued")}
        print_json(
            {
                "summary": {
                    **summary,
                    "skipped_because": reasons,
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
    if counts.get("failed"):
        typer.echo(f"  Try the failed ones again with: photochrom batch --retry {out}", err=True)
    if page:
        typer.echo(f"  Look at the results: {page}", err=True)


def _estimate(inputs: list[Path], out: Path, settings: Settings, patterns: Patterns, jobs: int, as_json: bool) -> None:
    from photochrom.batch.estimate import estimate

    plan = _plan(inputs, out, settings, patterns, ())
    with stoppable() as stop_if_asked:

        def stopping() -> bool:
            stop_if_asked()
            return False

        found = estimate(plan.pictures, settings, jobs, stopping)
    if as_json:
        print_json({"pictures": len(plan.pictures), "no_pictures": len(plan.others), **vars(found)})
        return
    typer.echo(f"{len(plan.pictures)} photographs, {sum(each.size for each in plan.pictures) / 1e9:.2f} GB.")
    typer.echo(f"About {_duration(found.seconds)}, and {found.bytes / 1e9:.2f} GB of results.")
    typer.echo(f"Judged from {found.sampled}: {found.failed} failed, {found.skipped} skipped (in color already).")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
