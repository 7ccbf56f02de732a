"""The `photochrom` command: thin, one function a command; what a command does lives in its package.

Nothing heavy is imported here: every command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from photochrom import __version__
from photochrom.errors import PhotochromError

app = typer.Typer(
    name="photochrom",
    help="Colour for black-and-white photographs, offline, their tones untouched.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
train_app = typer.Typer(help="Make the shipped weights from colour photographs.", no_args_is_help=True)
app.add_typer(train_app, name="train")


@train_app.command("lite")
def train_lite(
    data: Annotated[Path, typer.Argument(help="Folder with index.csv and photos-*.tar.")],
    run: Annotated[Path, typer.Option(help="Folder of the run: weights, log, checkpoint. Continues a broken run.")],
    recipe: Annotated[Path | None, typer.Option(help="JSON file with values that differ from the defaults.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    validate_every: Annotated[int, typer.Option(help="Steps between validations and checkpoints.")] = 1000,
) -> None:
    """Train the embedded colorizer (needs the extra photochrom[train])."""
    from photochrom.training import lite

    chosen = lite.recipe_from(recipe) if recipe else lite.Recipe()
    typer.echo(lite.train(data, run, chosen, device=device, validate_every=validate_every, report=_print_step))


def _print_step(step: int, steps: int, line: str) -> None:
    if line or sys.stderr.isatty():
        typer.echo(f"{step}/{steps} {line}", err=True)


def main() -> None:
    """Runs the command line; errors go to stderr as cause and next step, never as a traceback."""
    try:
        app()
    except PhotochromError as error:
        typer.secho(f"photochrom: {error.cause}", fg="red", err=True)
        if error.next_step:
            typer.echo(f"  {error.next_step}", err=True)
        sys.exit(error.exit_code)
