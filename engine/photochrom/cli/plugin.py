"""`photochrom plugin …`: the plug-ins, installed into the editors and removed from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.help import Command, Group

if TYPE_CHECKING:
    from photochrom.editors.host import Action

app = typer.Typer(cls=Group, help="Install the plugins of the editors, or remove them.", no_args_is_help=True)

GIMP = Annotated[bool, typer.Option("--gimp", help="Only GIMP.")]
Krita = Annotated[bool, typer.Option("--krita", help="Only Krita.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Purge = Annotated[bool, typer.Option("--purge", help="Also remove settings, history, logs and caches.")]


@app.command("install", cls=Command)
def install(gimp: GIMP = False, krita: Krita = False, dry_run: DryRun = False) -> None:
    """Install the plugin into every profile of every editor, Flatpak and Snap included."""
    from photochrom import editors

    _print_actions(editors.install(_chosen(gimp=gimp, krita=krita), dry_run=dry_run), dry_run)


@app.command("remove", cls=Command)
def remove(gimp: GIMP = False, krita: Krita = False, purge: Purge = False, dry_run: DryRun = False) -> None:
    """Remove the plugin from the editors, end the engine, and say what stays.

    Settings, history, logs and caches stay unless --purge is given. Models that were fetched or imported always stay:
    `photochrom models remove` removes them.
    """
    from photochrom import editors

    _print_actions(editors.remove(_chosen(gimp=gimp, krita=krita), purge=purge, dry_run=dry_run), dry_run)


def _chosen(**flags: bool) -> tuple[str, ...]:
    """The editors whose flags are given, or all of them."""
    from photochrom import editors

    return tuple(name for name, given in flags.items() if given) or tuple(editors.EDITORS)


def _print_actions(actions: list[Action], dry_run: bool) -> None:
    for action in actions:
        typer.echo(f"{'would ' if dry_run else ''}{action}")
