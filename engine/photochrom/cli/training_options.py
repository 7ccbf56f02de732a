"""What the commands that train have in common: options, and the display of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.terminal import progress_bar

Shards = Annotated[
    Path,
    typer.Argument(
        help="Training set: a folder with index.csv and photos-*.tar.", metavar="FOLDER", show_default=False
    ),
]
RunFolder = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Folder for weights, log and checkpoints. An interrupted run in it resumes.",
        show_default=False,
    ),
]
RecipeFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="JSON of the recipe's values that differ from the defaults."),
]
Device = Annotated[str, typer.Option(metavar="auto|cpu|cuda", help="Device to train on.")]
ValidateEvery = Annotated[int, typer.Option(metavar="N", help="Steps between validations, each with a checkpoint.")]


@contextmanager
def training() -> Iterator[Callable[[int, int, str], None]]:
    """Yields what a training reports to: a bar for its steps, and its log's lines on stderr."""
    with progress_bar(1) as (next_picture, progress):
        next_picture("Training")

        def report(step: int, steps: int, line: str) -> None:
            progress(step / steps, f"step {step}")
            if line:
                typer.echo(line, err=True)

        yield report
