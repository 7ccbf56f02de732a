"""`photochrom doctor`: the installation, checked part by part."""

from __future__ import annotations

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import print_json


def doctor(as_json: Json = False) -> None:
    """Check the engine, the models, the editors and their plugins; print how to fix what fails."""
    from photochrom.doctor import checks

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
