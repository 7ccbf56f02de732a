"""The commands `photochrom models …`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.terminal import Json, print_error, print_json, print_table, progress_bar
from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from photochrom.models.catalog import Published

app = typer.Typer(
    help="The models: colorizers, segmenters, and a router of your own that chooses among colorizers. Some ship with "
    "Photochrom; published ones are fetched or imported into the store.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="See photochrom models list.", show_default=False)]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """All models: name, state, size, license, scores, what they are good at.

    The state is "shipped", "installed", "damaged", "fetch" (may be downloaded with photochrom models fetch) or
    "import" (to be brought by you: photochrom models fetch NAME says why and how). Sizes with ~ are guessed.
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


@app.command()
def fetch(
    name: Name,
    accept_license: Annotated[
        bool, typer.Option("--accept-license", help="The licenses it prints are accepted; else they are asked for.")
    ] = False,
) -> None:
    """Download a published model into the store and check it. Prints its folder.

    A download that broke off goes on where it was. Proxies are taken from HTTPS_PROXY and the like.
    PHOTOCHROM_MIRROR may name an address that serves the same files as ADDRESS/NAME/FILE, for machines without access
    to the publishers; hashes are checked all the same. PHOTOCHROM_MODELS may name another folder for the store.
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


@app.command("import")
def import_models(
    files: Annotated[list[Path], typer.Argument(help="All files of one model, as published.", show_default=False)],
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Which model it is, where several have one layout.")
    ] = None,
) -> None:
    """Put a model into the store from files of your own. Prints its folder.

    Files are recognized by their hash, else by the names and shapes of their tensors: PyTorch, safetensors, Torch7,
    Caffe and Keras. Nothing in them is executed. They are left as they are.
    """
    from photochrom.models import store

    with progress_bar(1) as (begin, report):
        begin(files[0].name)
        card = store.import_files(files, report, name)
    typer.echo(f"License of {card.name}: {card.license}. {card.details['weights_license']}", err=True)
    _print_notes(card.name, store.hash_notes(card))
    typer.echo(card.folder)


@app.command()
def verify(
    name: Annotated[str | None, typer.Argument(help="One model; without it, all.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Compare the files of installed models with their cards; ends with 5 if one is damaged."""
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


@app.command()
def remove(name: Name) -> None:
    """Remove a model from the store, with what is left of a broken download of it."""
    from photochrom.models import store

    store.remove(name)


@app.command()
def path() -> None:
    """Print the folder of the store; PHOTOCHROM_MODELS may name another."""
    from photochrom.models import store_folder

    typer.echo(store_folder())


def _ask_for_license(entry: Published, accepted: bool) -> None:
    typer.echo(f"{entry.name} ({entry.size}): {entry.details['paper']}", err=True)
    typer.echo(f"License: {entry.license}. {entry.weights_license}", err=True)
    if accepted:
        return
    refused = f"The license of {entry.name} was not accepted."
    if not sys.stdin.isatty():
        raise BadRequest(refused, "Read it above, then give --accept-license.")
    if not typer.confirm("Do you accept it?", err=True):
        raise BadRequest(refused, "Nothing was downloaded.")


def _print_notes(name: str, notes: Iterable[str]) -> None:
    for note in notes:
        typer.echo(f"photochrom: {name}: {note}", err=True)
