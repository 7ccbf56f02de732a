"""`photochrom models …`: the model store."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.help import Command, Group
from photochrom.cli.options import Json
from photochrom.cli.terminal import print_error, print_json, print_table, progress_bar
from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from photochrom.models.catalog import Published

app = typer.Typer(
    cls=Group,
    help="List, download, import, check and remove models: colorizers, segmenters and routers.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="A name from `photochrom models list`.", metavar="NAME", show_default=False)]


@app.command("list", cls=Command)
def list_models(as_json: Json = False) -> None:
    """List all models with state, size, license, score and strengths.

    The state is "shipped", "installed", "damaged", "fetch" (can be downloaded with photochrom models fetch), "import"
    (you supply its files: photochrom models fetch NAME explains why and how) or "train" (from a paper, with photochrom
    train NAME). Sizes with ~ are estimates.
    """
    from dataclasses import asdict

    from photochrom.models.listing import listing

    models = listing()
    if as_json:
        for each in models:
            values = asdict(each)
            print_json({**values.pop("details"), **values})
        return
    rows = [["name", "state", "MB", "license", "PSNR (gray)", "good at"]]
    for each in models:
        size = f"{each.bytes / 1e6:.0f}" if each.bytes else f"~{4e-6 * each.details.get('parameters', 0):.0f}"
        psnr = f"{each.psnr[0]:.2f} ({each.psnr[1]:.2f})" if each.psnr else ""
        rows.append([each.name, each.state, size, each.license, psnr, each.good_at])
    print_table(rows)
    for each in models:
        _print_notes(each.name, each.notes)


@app.command(cls=Command)
def fetch(
    name: Name,
    accept_license: Annotated[
        bool, typer.Option("--accept-license", help="Accept the license without being asked.")
    ] = False,
) -> None:
    """Download a published model into the store and verify it. Prints its folder.

    An interrupted download resumes. HTTPS_PROXY and the other proxy variables are honored. Without access to the
    publishers, set PHOTOCHROM_MIRROR to an address that serves the same files as ADDRESS/NAME/FILE; hashes are checked
    all the same. PHOTOCHROM_MODELS sets another folder for the store.
    """
    from photochrom.models import catalog, store

    entry = catalog.find(name)
    if entry.fetch and not entry.installed:
        store.need_pool()
        _ask_for_license(entry, accept_license)
    with progress_bar(1) as (begin, report):
        begin(name)
        card = store.fetch(name, report)
    _print_notes(name, store.hash_notes(card))
    typer.echo(card.folder)


@app.command("import", cls=Command)
def import_models(
    files: Annotated[
        list[Path], typer.Argument(help="All files of one model, as published.", metavar="FILE", show_default=False)
    ],
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Name of the model, where several share one layout.")
    ] = None,
) -> None:
    """Import a model into the store from local files. Prints its folder.

    Files are recognized by their hash, else by the names and shapes of their tensors: PyTorch, safetensors, Torch7,
    Caffe and Keras. No code in them is executed, and the files themselves are not changed.
    """
    from photochrom.models import store

    with progress_bar(1) as (begin, report):
        begin(files[0].name)
        card = store.import_files(files, report, name)
    typer.echo(f"License of {card.name}: {card.license}. {card.details['weights_license']}", err=True)
    _print_notes(card.name, store.hash_notes(card))
    typer.echo(card.folder)


@app.command(cls=Command)
def verify(
    name: Annotated[
        str | None, typer.Argument(help="Model to check. Default: all.", metavar="NAME", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify the files of installed models against their cards; exit code 5 if one is damaged."""
    from photochrom.models import store

    with progress_bar(1) as (begin, report):
        begin("Checking")
        verdicts = store.verify(name, report)
    for each in verdicts:
        if as_json:
            wrong = {"cause": each.wrong.cause, "next_step": each.wrong.next_step} if each.wrong else None
            print_json({"name": each.name, "sound": each.wrong is None, "wrong": wrong, "notes": each.notes})
        else:
            typer.echo(f"{each.name}: {'damaged' if each.wrong else 'sound'}")
            _print_notes(each.name, each.notes)
        if each.wrong:
            print_error(each.wrong)
    failures = [each.wrong.exit_code for each in verdicts if each.wrong]
    if failures:
        raise typer.Exit(failures[0])


@app.command(cls=Command)
def remove(name: Name) -> None:
    """Remove a model from the store, and any partial download of it."""
    from photochrom.models import store

    store.remove(name)


@app.command(cls=Command)
def path() -> None:
    """Print the folder of the store, which PHOTOCHROM_MODELS overrides."""
    from photochrom.models import store_folder

    typer.echo(store_folder())


def _ask_for_license(entry: Published, accepted: bool) -> None:
    typer.echo(f"{entry.name} ({entry.size}): {entry.details['paper']}", err=True)
    typer.echo(f"License: {entry.license}. {entry.weights_license}", err=True)
    if accepted:
        return
    refused = f"The license of {entry.name} was not accepted."
    if not sys.stdin.isatty():
        raise BadRequest(refused, "Read it above, then pass --accept-license.")
    if not typer.confirm("Do you accept it?", err=True):
        raise BadRequest(refused, "Nothing was downloaded.")


def _print_notes(name: str, notes: Iterable[str]) -> None:
    for note in notes:
        typer.echo(f"photochrom: {name}: {note}", err=True)
