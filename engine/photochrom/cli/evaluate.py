"""`photochrom evaluate`: colorizers measured on color photographs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.options import ColorPhotographs
from photochrom.cli.terminal import print_table, progress_bar
from photochrom.errors import BadRequest, OutputFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from photochrom.evaluation.comparison import Comparison
    from photochrom.evaluation.results import Evaluation


# Long because each option is a parameter.
def evaluate(
    folder: ColorPhotographs,
    colorizer: Annotated[
        list[str] | None,
        typer.Option(
            "--colorizer",
            "-c",
            metavar="NAME",
            help="A colorizer, auto, or all; repeatable. Append :calm for its calm colors, as in auto:calm.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report with tables, histograms and all pictures (.html)."),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a contact sheet: gray, colorized, original (.jpg, .png or .webp)."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with the JSON of an earlier run, picture by picture.")
    ] = None,
    hints: Annotated[
        str | None,
        typer.Option(metavar="N,N…", help="Measure only PSNR, with this many true-color hints: 1,5,10,50."),
    ] = None,
    reach: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="0…1", help="With --hints: how far a hint reaches beyond its object."),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Show our results beside others': NAME.scan.jpg is a photograph, NAME.someone.jpg someone's result.",
        ),
    ] = None,
    recognition: Annotated[
        bool,
        typer.Option(
            "--recognition", help="Add classification accuracy and a Fréchet distance (needs the extra “train”)."
        ),
    ] = False,
    stability: Annotated[
        bool,
        typer.Option("--stability", help="Add the effect of mirroring, cropping, gamma and grain, on 60 photographs."),
    ] = False,
    segments: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Add how far a hint bleeds out of its segment; label maps NAME.png in this folder."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole evaluation as JSON.")] = False,
) -> None:
    """Measure colorizers: each photograph is reduced to its lightness, colorized, and compared with the original."""
    # Pictures are compared in parallel; numpy's own threads inside each would only wait for one another, spinning.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from photochrom import evaluation

    if hints is not None:
        if report or sheet or against or beside or recognition or stability or segments:
            raise BadRequest("--hints measures only PSNR.", "Leave out the other options.")
        _evaluate_hints(folder, colorizer, hints, reach, as_json)
        return
    if reach is not None:
        raise BadRequest("--reach applies only to --hints.", "Add --hints.")
    for page in (report, sheet):
        if page and not page.parent.is_dir():
            raise OutputFailed(f"There is no folder {page.parent} for {page.name}.", "Create it first.")
    earlier = evaluation.read_evaluation(against) if against else None
    wanted = evaluation.Wanted(recognition, stability, segments, beside)
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        measured = evaluation.evaluate(folder, colorizer or ["auto"], progress, wanted)
    comparisons = evaluation.compare(measured, earlier) if earlier else ()
    # Scores are printed before pages are written: they took the time, and a failed write must not lose them.
    if as_json:
        typer.echo(measured.to_json([comparison.as_json() for comparison in comparisons]))
    else:
        _print_tables(measured, comparisons)
    for score, reason in measured.left_out.items():
        typer.echo(f"{score}: {reason}", err=True)
    if report:
        evaluation.write_report(measured, report, comparisons)
    if sheet:
        evaluation.contact_sheet(measured, sheet)


def _print_tables(measured: Evaluation, comparisons: Sequence[Comparison]) -> None:
    oracle = measured.oracle()
    tables = [
        *measured.tables(),
        measured.parts_table(measured.ours),
        *([oracle.table()] if oracle else []),
        *([measured.beside.table()] if measured.beside else []),
        *(each.table() for each in comparisons),
    ]
    for number, table in enumerate(tables):
        if number:
            typer.echo()
        print_table(table)


def _evaluate_hints(folder: Path, names: list[str] | None, numbers: str, reach: float | None, as_json: bool) -> None:
    from photochrom.evaluation import hints
    from photochrom.routing import DEFAULT
    from photochrom_client.protocol import REACH

    counts = hints.numbers_of_hints(numbers)
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        curve = hints.measure_hints(
            folder, names or [DEFAULT], counts, progress, REACH.default if reach is None else reach
        )
    if as_json:
        typer.echo(curve.to_json())
    else:
        print_table(curve.table())
