"""The deposit of a batch, as `photochrom batch --deposit` makes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from photochrom.cli.terminal import print_json, progress_bar
from photochrom.errors import BadRequest, Cancelled

if TYPE_CHECKING:
    from photochrom.batch.journal import Journal


def web_address(deposit: bool, url: str) -> str | None:
    """Where the deposit will be on the web; None where none is wanted.

    Raises:
        BadRequest: an address without a deposit, or what is none. ExtraMissing: a library is not installed.
    """
    from photochrom.batch.deposit import WEB, check

    if not deposit:
        if url:
            raise BadRequest("An address needs a deposit.", "Add --deposit.")
        return None
    check(url or WEB)
    return url or WEB


def make_deposit(out: Path, journal: Journal, web: str, jobs: int, hint: str, as_json: bool) -> None:
    """Makes the deposit and says where it is. `hint`: how to go on if it is interrupted.

    Raises:
        Cancelled: by the user. OutputFailed: it cannot be written, or results are gone or were changed.
    """
    from photochrom.batch.deposit import build

    try:
        with progress_bar(1) as (begin, report):
            begin("Deposit")
            made = build(out, journal, web, jobs, report)
    except (Cancelled, KeyboardInterrupt):
        raise Cancelled("Stopped before the deposit was made.", hint) from None
    if as_json:
        print_json({"deposit": {"path": str(made.path), "results": made.results, "out_of_reach": made.out_of_reach}})
        return
    typer.echo(f"photochrom: the deposit of {made.results} results is {made.path}.", err=True)
    if made.out_of_reach:
        typer.echo(
            f"  {made.out_of_reach} photographs are gone or were changed: IIIF viewers show their results alone.",
            err=True,
        )
