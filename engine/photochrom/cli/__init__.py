"""The `photochrom` command, assembled from one module a command or group of commands.

Nothing heavy is imported at startup: every command imports what it needs when it runs. Results go to stdout, one per
line; progress and errors go to stderr.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from photochrom import __version__, allocator
from photochrom.cli import (
    album,
    batch,
    colorize,
    compare,
    diversity,
    doctor,
    evaluate,
    mark,
    models,
    plugin,
    reliability,
    report,
    route,
    serve,
    stop,
    terminal,
    train,
    verify,
)
from photochrom.cli.help import Command, Group
from photochrom.cli.options import EXIT_CODES
from photochrom.errors import Cancelled, PhotochromError, as_photochrom_error


class _Photochrom(Group):
    """The group of all commands: an interrupt of one is an error of ours."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the one that is asked for.

        Raises:
            Cancelled: it was interrupted (Typer would exit without a word). If that came while what the user had
                stopped was being closed, this is the error that was on its way out: it says how to go on.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            earlier = interrupt.__context__
            while earlier and not isinstance(earlier, Cancelled):
                earlier = earlier.__context__
            raise earlier or Cancelled() from None


app = typer.Typer(
    name="photochrom",
    cls=_Photochrom,
    help="Colorize black-and-white photographs, offline, without changing their tones.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _panel, _commands in {
    "Photographs": (
        colorize.colorize,
        batch.batch,
        compare.compare,
        route.route,
        mark.mark,
        report.report,
        verify.verify,
    ),
    "Installation": (doctor.doctor, serve.serve, stop.stop),
    "Measuring": (evaluate.evaluate, reliability.reliability, diversity.diversity),
}.items():
    for _command in _commands:
        _epilog = {
            colorize.colorize: EXIT_CODES,
            batch.batch: EXIT_CODES,
            mark.mark: mark.EXIT_CODES,
            report.report: report.EXIT_CODES,
        }.get(_command)
        app.command(cls=Command, rich_help_panel=_panel, epilog=_epilog)(_command)
app.add_typer(album.app, name="album", rich_help_panel="Photographs")
app.add_typer(models.app, name="models", rich_help_panel="Installation")
app.add_typer(plugin.app, name="plugin", rich_help_panel="Installation")
app.add_typer(train.app, name="train", rich_help_panel="Training")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"photochrom {__version__}")
        raise typer.Exit


@app.callback()
def _photochrom(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the traceback of every error, for a bug report.")
    ] = False,
) -> None:
    terminal.debugging = debug


def main() -> None:
    """Runs the command line; errors go to stderr as cause and next step, never as a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # File names that are not text are printed byte for byte.
    allocator.use_one_arena()
    try:
        app()
    except PhotochromError as error:
        _fail(error)
    except KeyboardInterrupt:  # before a command runs, or after it
        _fail(Cancelled())
    except BrokenPipeError:  # Whoever read our output has closed it, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception as error:
        _fail(as_photochrom_error(error))


def _fail(error: PhotochromError) -> NoReturn:
    terminal.print_error(error)
    sys.exit(error.exit_code)
