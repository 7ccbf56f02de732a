"""The commands that measure: `photochrom evaluate`, `reliability` and `diversity`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.terminal import Json, print_json, print_table, progress_bar
from photochrom.errors import BadRequest, OutputFailed


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Color photographs; an index.csv gives categories.")],
    colorizer: Annotated[
        list[str] | None,
        typer.Option("--colorizer", "-c", help="A name, auto, or all; auto:calm for its calm colors. May be repeated."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page with tables, histograms and all pictures (.html).")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a sheet of gray, ours, original (.jpg, .png or .webp).")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="JSON of an earlier run: compare picture by picture.")] = None,
    hints: Annotated[
        str | None, typer.Option(help="PSNR with so many true-color hints instead of all scores, as in 1,5,10,50.")
    ] = None,
    reach: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="With --hints: how far they reach beyond the objects they are on, 0 to 1."),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(help="A folder of NAME.scan.jpg and others' answers, NAME.someone.jpg: put ours beside them."),
    ] = None,
    recognition: Annotated[
        bool, typer.Option("--recognition", help="What a classifier still sees, and a Fréchet distance (extra train).")
    ] = False,
    stability: Annotated[
        bool, typer.Option("--stability", help="What mirroring, cropping, gamma and grain change, on 60 photographs.")
    ] = False,
    segments: Annotated[
        Path | None, typer.Option(help="Label maps named as the photographs (.png): how far a dab of paint leaks.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Measure colorizers on color photographs: each is reduced to its lightness, colorized and compared."""
    # Pictures are compared side by side; threads of numpy's own inside each would only wait for one another, busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from photochrom import evaluation

    if hints is not None:
        if report or sheet or against or beside or recognition or stability or segments:
            raise BadRequest("--hints measures nothing else and writes no page.", "Leave the other options out.")
        _evaluate_hints(folder, colorizer, hints, reach, as_json)
        return
    if reach is not None:
        raise BadRequest("--reach is about hints.", "Give --hints, too.")
    for page in (report, sheet):
        if page and not page.parent.is_dir():
            raise OutputFailed(f"There is no folder {page.parent} for {page.name}.", "Create it first.")
    earlier = evaluation.read_evaluation(against) if against else None
    wanted = evaluation.Wanted(recognition, stability, segments, beside)
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        found = evaluation.evaluate(folder, colorizer or ["auto"], progress, wanted)
    comparisons = evaluation.compare(found, earlier) if earlier else ()
    # The scores first: they took the time, and a page that cannot be written must not cost them.
    if as_json:
        typer.echo(found.to_json([comparison.as_json() for comparison in comparisons]))
    else:
        oracle = found.oracle()
        tables = [
            *found.tables(),
            found.parts_table(found.ours),
            *([oracle.table()] if oracle else []),
            *([found.beside.table()] if found.beside else []),
            *(each.table() for each in comparisons),
        ]
        for number, table in enumerate(tables):
            if number:
                typer.echo()
            print_table(table)
    for score, why in found.left_out.items():
        typer.echo(f"{score}: {why}", err=True)
    if report:
        evaluation.write_report(found, report, comparisons)
    if sheet:
        evaluation.contact_sheet(found, sheet)


def reliability(
    folder: Annotated[Path, typer.Argument(help="Color photographs; an index.csv may name them.")],
    colorizer: Annotated[str, typer.Option("--colorizer", "-c", help="Whose confidence is measured.")] = "auto",
    diagram: Annotated[Path | None, typer.Option(help="Write the reliability diagram (.svg).")] = None,
    as_json: Json = False,
) -> None:
    """Measure whether a colorizer knows where it guessed: its confidence, and how often it was right."""
    from photochrom.evaluation import reliability

    if diagram and not diagram.parent.is_dir():
        raise OutputFailed(f"There is no folder {diagram.parent} for {diagram.name}.", "Create it first.")
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        found = reliability.measure(folder, colorizer, progress)
    if as_json:
        print_json({"colorizer": colorizer, **found.as_json()})
    else:
        print_table(found.table())
    if diagram:
        diagram.write_text(found.svg(f"{colorizer} on {folder.resolve().name}"), encoding="utf-8")


def diversity(
    folder: Annotated[Path, typer.Argument(help="Color photographs; an index.csv may name them.")],
    count: Annotated[int, typer.Option(min=1, max=9, help="Most variants of a photograph.")] = 6,
    every: Annotated[int, typer.Option(min=1, help="Take one photograph in so many.")] = 1,
) -> None:
    """Measure the variants: how different they are, segment by segment, and how plausible."""
    from photochrom.evaluation import diversity

    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        found = diversity.measure(folder, count, progress, every)
    print_table(found.table())


def _evaluate_hints(folder: Path, names: list[str] | None, numbers: str, reach: float | None, as_json: bool) -> None:
    from photochrom.evaluation import hints
    from photochrom.guidance.objects import REACH
    from photochrom.routing import DEFAULT

    counts = hints.numbers_of_hints(numbers)
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        curve = hints.measure_hints(folder, names or [DEFAULT], counts, progress, REACH if reach is None else reach)
    if as_json:
        typer.echo(curve.to_json())
    else:
        print_table(curve.table())
