"""The `photochrom` command, assembled from one module a command or group of commands.

Nothing heavy is imported at startup: every command imports what it needs when it runs, and of the commands only the one
that is asked for is imported. Results go to stdout, one per line; progress and errors go to stderr.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Annotated, Any, Final, NoReturn

import typer

from photochrom import __version__, allocator
from photochrom.cli import terminal
from photochrom.cli.help import Command, Group
from photochrom.cli.options import EXIT_CODES
from photochrom.errors import Cancelled, PhotochromError, as_photochrom_error

COMMANDS: Final = {
    "Photographs": ("colorize", "batch", "compare", "route", "mark", "report", "verify"),
    "Installation": ("doctor", "serve", "stop"),
    "Measuring": ("evaluate", "reliability", "diversity"),
}
"""The commands of each part of the help. Each is the function of its name in the module of its name."""

GROUPS: Final = {"album": "Photographs", "models": "Installation", "plugin": "Installation", "train": "Training"}
"""Groups of commands, each the `app` of the module of its name; and the part of the help that each is in."""


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


def command_line(asked: str = "") -> typer.Typer:
    """The command line; of one command alone, if `asked` is its name: importing and building all takes a tenth of the
    time that a small photograph takes."""
    app = typer.Typer(
        name="photochrom",
        cls=_Photochrom,
        help="Colorize black-and-white photographs, offline, without changing their tones.",
        epilog=EXIT_CODES,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_photochrom,
    )
    every = {*GROUPS, *(name for names in COMMANDS.values() for name in names)}
    wanted = {asked} if asked in every else every
    for panel, names in COMMANDS.items():
        for name in (each for each in names if each in wanted):
            module = importlib.import_module(f"photochrom.cli.{name}")
            epilog = EXIT_CODES if name in ("colorize", "batch") else getattr(module, "EXIT_CODES", None)
            app.command(cls=Command, rich_help_panel=panel, epilog=epilog)(getattr(module, name))
    for name in (each for each in GROUPS if each in wanted):
        module = importlib.import_module(f"photochrom.cli.{name}")
        app.add_typer(module.app, name=name, rich_help_panel=GROUPS[name])
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"photochrom {__version__}")
        raise typer.Exit


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
    asked = next((word for word in sys.argv[1:] if word != "--debug"), "")
    try:
        command_line(asked)()
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
