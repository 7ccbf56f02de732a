"""`photochrom reliability`: a colorizer's confidence against its accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.options import ColorPhotographs, Json
from photochrom.cli.terminal import print_json, print_table, progress_bar
from photochrom.errors import OutputFailed


def reliability(
    folder: ColorPhotographs,
    colorizer: Annotated[str, typer.Option("--colorizer", "-c", metavar="NAME", help="Colorizer to measure.")] = "auto",
    diagram: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the reliability diagram (.svg).")] = None,
    as_json: Json = False,
) -> None:
    """Measure calibration: how a colorizer's confidence compares with its accuracy."""
    from photochrom.evaluation import reliability

    if diagram and not diagram.parent.is_dir():
        raise OutputFailed(f"There is no folder {diagram.parent} for {diagram.name}.", "Create it first.")
    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        measured = reliability.measure(folder, colorizer, progress)
    if as_json:
        print_json({"colorizer": colorizer, **measured.as_json()})
    else:
        print_table(measured.table())
    if diagram:
        diagram.write_text(measured.svg(f"{colorizer} on {folder.resolve().name}"), encoding="utf-8")
