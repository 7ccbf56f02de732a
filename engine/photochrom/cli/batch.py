"""`photochrom batch`: folders of photographs, in a run that can be stopped at any moment and resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.batch_output import print_finished, say_how_many_agree, summarize
from photochrom.cli.deposit import make_deposit, web_address
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
    OriginalOption,
    Page,
    Profile,
    Scanned,
    Segmenter,
    Style,
)
from photochrom.cli.terminal import print_json, stoppable
from photochrom.errors import BadRequest, Cancelled

if TYPE_CHECKING:
    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.plan import Patterns, Plan
    from photochrom.batch.redo import Decision
    from photochrom.batch.settings import Settings
    from photochrom.batch.urls import Source


# Long because each option is a parameter.
def batch(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"Photographs, or folders of them: {PICTURES} Files, or addresses (s3://, https://).",
            metavar="INPUT",
            show_default=False,
        ),
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
    deposit: Annotated[
        bool,
        typer.Option("--deposit", help="Make an archive's deposit of the results: a BagIt bag with what is known."),
    ] = False,
    deposit_url: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Where the deposit will be on the web, for its IIIF manifests.", show_default=False
        ),
    ] = "",
    c2pa: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="KEY CERT",
            help="Sign results: Content Credentials by a private key and its certificates, both PEM.",
        ),
    ] = None,
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
    original: OriginalOption = Scanned.PRINT,
    harmonize: Harmonize = False,
    segmenter: Segmenter = "",
    album: Annotated[
        bool,
        typer.Option("--album", help="The photographs of each folder belong together: the same things get one color."),
    ] = False,
    layered: Layered = False,
    profile: Profile = None,
    mark: Mark = True,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Colorize on the workers of this Dask scheduler, such as tcp://host:8786.",
            show_default=False,
        ),
    ] = None,
    results: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Put results into this store, s3://bucket/folder, not into the output folder.",
            show_default=False,
        ),
    ] = None,
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
    from photochrom.batch.processes import default_jobs
    from photochrom.batch.redo import read
    from photochrom.batch.settings import Settings
    from photochrom.batch.urls import source_of
    from photochrom.pipeline import guide_side

    decisions = read(redo) if redo else None
    if decisions and not retry:
        resume = resume or decisions.folder
    out = _only_one(inputs, output, resume, retry)
    web = web_address(deposit, deposit_url)
    jobs = jobs or default_jobs()
    if resume or retry:
        if dry_run:
            raise BadRequest("A batch that is resumed has no dry run.", "Leave --dry-run out.")
        with publishing.claim(out), closing(opening.reopen(out)) as journal:
            if retry:
                journal.requeue("failed")
            if decisions:
                _decide(journal, decisions.lines, as_json)
            run(out, journal, jobs, cluster, None, as_json, manifest, report, web)
        return
    settings = Settings(
        colorizer=colorizer,
        chroma=chroma,
        style=style.value,
        original=original.value,
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
        album=album,
        **_signer(c2pa),
        results=results and str(source_of(results)),
    )
    guide_side(settings.options)  # Wrong options and missing models are reported before there is a batch.
    patterns = Patterns(tuple(include or ()), tuple(exclude or ()))
    sources = [source_of(each) for each in inputs or []]
    if dry_run:
        if cluster:
            raise BadRequest("A dry run measures this computer alone.", "Leave --cluster out.")
        _estimate(sources, out, settings, patterns, jobs, as_json)
        return
    with opening.planned(sources, out, settings, patterns) as (journal, plan):
        run(out, journal, jobs, cluster, plan, as_json, manifest, report, web)


def _only_one(inputs: list[str] | None, output: Path | None, resume: Path | None, retry: Path | None) -> Path:
    """The output folder, of whichever option names it."""
    from photochrom.batch.urls import is_url

    if (resume or retry) and (inputs or output):
        raise BadRequest("A batch that is resumed has its inputs and settings already.", "Name its folder alone.")
    named = [each for each in (output, resume, retry) if each is not None]
    if len(named) != 1 or (output and not inputs):
        raise BadRequest(
            "Inputs and an output folder are needed, or a batch to resume.",
            "photochrom batch PHOTOGRAPHS -o OUTPUT, or photochrom batch --resume OUTPUT.",
        )
    if is_url(str(named[0])):
        raise BadRequest(
            "A batch keeps its journal in a folder of this computer.",
            "Name one with --output, and where the results go with --results s3://….",
        )
    return named[0]


def _checked(profile: str | None) -> str | None:
    """A profile that exists, a file by its whole path: resuming may start from another folder."""
    from photochrom.image.files import rgb_profile

    if profile is None:
        return None
    rgb_profile(profile)
    return str(Path(profile).resolve()) if Path(profile).is_file() else profile


def _signer(c2pa: tuple[Path, Path] | None) -> dict[str, str]:
    """Key and certificate as the settings keep them, by their whole paths."""
    from photochrom.batch.content_credentials import credentials

    if c2pa is None:
        return {}
    key, certificate = (str(path.resolve()) for path in c2pa)
    credentials(key, certificate).check()
    return {"c2pa_key": key, "c2pa_certificate": certificate}


def _decide(journal: Journal, decisions: list[Decision], as_json: bool) -> None:
    from photochrom.batch.redo import decide

    counts = decide(journal, decisions)
    if not as_json:
        said = {"redo": "to redo", "gray": "to leave gray", "approve": "approved", "stale": "redone since"}
        typer.echo(f"photochrom: {', '.join(f'{counts[key]} {words}' for key, words in said.items())}.", err=True)


# Long because each end of a run is told apart.
def run(
    out: Path,
    journal: Journal,
    jobs: int,
    cluster: str | None,
    plan: Plan | None,
    as_json: bool,
    manifest: bool,
    report: bool,
    web: str | None,
) -> None:
    """Runs a batch whose folder is claimed, and says what came of it. `plan`: what is new in it; `web`: see `batch`."""
    from photochrom.batch.manifest import write
    from photochrom.batch.report import write_report
    from photochrom.batch.runner import Run

    queued = sum(journal.counts().get(state, 0) for state in ("queued", "running", "written"))
    hint = f"Resume with: photochrom batch --resume {out}{' --deposit' if web else ''}"
    try:
        with _progress(queued) as (advance, stopping, looked):
            with closing(iter(Run(out, journal, jobs, stopping, looked=looked, cluster=cluster))) as finished:
                for entry in finished:
                    advance(entry)
                    print_finished(entry, journal.settings.place(out), as_json)
            page = write_report(out, journal, jobs, stopping) if report and not stopping() else None
            stopped = stopping()
        if manifest:
            write(out, journal)
        if journal.settings.album:
            say_how_many_agree(out, as_json)
        summarize(out, journal, plan, page, as_json)
        left = journal.counts().get("queued", 0)
        if stopped and (left or web):
            raise Cancelled(f"Stopped; {left} are left." if left else "Stopped before the deposit was made.", hint)
    except KeyboardInterrupt:
        raise Cancelled("Stopped at once.", hint) from None
    if web:
        make_deposit(out, journal, web, jobs, hint, as_json)
    if journal.counts().get("failed") or (plan and plan.unreadable):
        raise typer.Exit(1)


# Long because three functions share the state of one bar.
@contextmanager
def _progress(total: int) -> Iterator[tuple[Callable[[Entry], None], Callable[[], bool], Callable[[Entry], None]]]:
    """Yields (count a finished file, whether the user wants to stop, name a file of an album that was looked at): a bar
    on stderr if that is a terminal."""
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
        failed, seen, said = 0, 0, False

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

        def looked(entry: Entry) -> None:
            nonlocal seen
            seen += 1
            bars.update(task, description=f"looked at {entry.source.name}, {seen} of {total}; next:")

        yield advance, stopping, looked


def _estimate(
    inputs: list[Source], out: Path, settings: Settings, patterns: Patterns, jobs: int, as_json: bool
) -> None:
    from photochrom.batch.estimate import estimate
    from photochrom.batch.opening import photographs

    plan = photographs(inputs, out, settings, patterns)
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
