"""`photochrom diversity`: how different and how plausible the variants are."""

from __future__ import annotations

from typing import Annotated

import typer

from photochrom.cli.options import ColorPhotographs
from photochrom.cli.terminal import print_table, progress_bar


def diversity(
    folder: ColorPhotographs,
    count: Annotated[int, typer.Option(min=1, max=9, metavar="N", help="Maximum number of variants.")] = 6,
    every: Annotated[int, typer.Option(min=1, metavar="N", help="Use only every Nth photograph.")] = 1,
) -> None:
    """Measure variants: how much they differ, segment by segment, and how plausible they are."""
    from photochrom.evaluation import diversity

    with progress_bar(1) as (next_picture, progress):
        next_picture(folder.name)
        measured = diversity.measure(folder, count, progress, every)
    print_table(measured.table())
