"""What commands print: results to stdout, progress and errors to stderr."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from photochrom.errors import Cancelled, PhotochromError
from photochrom.progress import Progress


@contextmanager
def progress_bar(pictures: int) -> Iterator[tuple[Callable[[str], None], Progress]]:
    """Yields (start the next picture, report its progress), shown as a bar on stderr if that is a terminal. Both raise
    `Cancelled` after Ctrl-C or SIGTERM."""
    with stoppable() as stop_if_asked, _bar(pictures) as draw:
        started, name = -1, ""

        def next_picture(next_name: str) -> None:
            nonlocal started, name
            stop_if_asked()
            started, name = started + 1, next_name
            draw(started, name, "")

        def report(done: float, doing: str) -> None:
            stop_if_asked()
            draw(started + done, name, doing)

        yield next_picture, report


@contextmanager
def _bar(pictures: int) -> Iterator[Callable[[float, str, str], None]]:
    """Yields what draws a bar on stderr, from pictures done, the name of the current one, and what is done with it:
    nothing where that is no terminal."""
    if not sys.stderr.isatty():  # rich takes longer to import than a small picture to be colored
        yield lambda done, name, doing: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[doing]}", markup=False),
        TimeRemainingColumn(),
    )
    # rich redirects stdout to stderr to print above its bar: right for a terminal, wrong for a pipe.
    printed_above = sys.stdout.isatty()
    with Bars(*columns, console=Console(stderr=True), transient=True, redirect_stdout=printed_above) as bars:
        task = bars.add_task("", total=pictures, doing="")
        yield lambda done, name, doing: bars.update(task, description=name, completed=done, doing=doing)


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Defers Ctrl-C, SIGTERM and SIGHUP (the terminal is closed): the function yielded raises `Cancelled` at its next
    call; a second signal interrupts immediately. Raised at any moment, the exception would be lost where C code calls
    Python, as libvips does."""
    asked = False

    def ask(_signal: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    def stop_if_asked() -> None:
        if asked:
            raise Cancelled

    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        signals.append(signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in signals}
    heeded = {each: handler for each, handler in before.items() if handler != signal.SIG_IGN}
    for each in heeded:
        signal.signal(each, ask)
    try:
        yield stop_if_asked
    finally:
        for each, handler in heeded.items():
            signal.signal(each, handler)


debugging = False
"""Whether errors are printed with their traceback: `photochrom --debug`."""


def print_error(error: PhotochromError) -> None:
    """Prints cause and next step to stderr."""
    if debugging:
        traceback.print_exception(error)
    typer.secho(f"photochrom: {error.cause}", fg="red", err=True)
    if error.next_step:
        typer.echo(f"  {error.next_step}", err=True)


def error_as_json(error: PhotochromError) -> dict[str, str]:
    """An error as the commands' JSON has it."""
    return {"code": error.code, "cause": error.cause, "next_step": error.next_step}


def print_json(values: dict[str, Any]) -> None:
    """Prints one object on one line."""
    typer.echo(json.dumps(values))


def print_table(rows: list[list[str]]) -> None:
    """Prints aligned columns, easy to cut in a pipe; the first row holds the headings. On a terminal, the last column
    is wrapped to its width."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    indent = " " * (sum(widths[:-1]) + 2 * len(widths[:-1]))
    columns = shutil.get_terminal_size().columns
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        line = "  ".join(cells).rstrip()
        if sys.stdout.isatty() and len(indent) + 20 <= columns < len(line):
            rest = textwrap.wrap(row[-1], columns - len(indent), break_long_words=False)
            line = line[: len(indent)] + f"\n{indent}".join(rest)
        typer.echo(line)
