"""`photochrom compare`: several colorizers side by side on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.options import PICTURES, Chroma, Colors, Overwrite, Style
from photochrom.cli.terminal import print_error, progress_bar
from photochrom.errors import OutputFailed


def compare(
    photograph: Annotated[Path, typer.Argument(help=PICTURES, metavar="PHOTOGRAPH", show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Sheet to write (.jpg, .png or .webp).", show_default=False
        ),
    ],
    colorizer: Annotated[
        list[str] | None,
        typer.Option(
            "--colorizer", "-c", metavar="NAME", help="Colorizer to show; repeatable. Default: auto and all installed."
        ),
    ] = None,
    chroma: Chroma = 1.0,
    style: Colors = Style.VIVID,
    overwrite: Overwrite = False,
) -> None:
    """Colorize one photograph with every installed colorizer, on one labeled sheet."""
    from photochrom.evaluation import side_by_side

    if output.exists() and not overwrite:
        raise OutputFailed(f"{output} already exists.", "Choose another output, or replace it with --overwrite.")
    with progress_bar(1) as (next_picture, progress):
        next_picture(photograph.name)
        names = colorizer or side_by_side.everyone()
        failed = side_by_side.write_sheet(photograph, output, names, chroma, style.value, progress)
    for error in failed.values():
        print_error(error)
    typer.echo(output)
    if failed:
        raise typer.Exit(1)
