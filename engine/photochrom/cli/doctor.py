"""`photochrom doctor`: the installation, checked part by part."""

from __future__ import annotations

from typing import Annotated

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import print_json


def doctor(
    as_json: Json = False,
    as_report: Annotated[
        bool,
        typer.Option("--report", help="Print a text to paste into a bug report; paths in it have no user names."),
    ] = False,
) -> None:
    """Check the engine, the models, the editors that are here and their plugins; print how to fix what fails."""
    from photochrom.doctor import checks, report

    if as_report:
        typer.echo(report())
        return
    sound = True
    for check in checks():
        sound = sound and check.good
        if as_json:
            print_json({"check": check.name, "good": check.good, "found": check.found, "next_step": check.next_step})
            continue
        typer.secho("  ok  " if check.good else " FAIL ", fg="green" if check.good else "red", nl=False)
        typer.echo(f" {check.name}: {check.found}")
        if check.next_step:
            typer.echo(f"       {check.next_step}")
    if not sound:
        raise typer.Exit(1)
