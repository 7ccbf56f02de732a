"""`photochrom plugin …`: the plug-ins, installed into the editors and removed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from typing import Annotated

import typer

from photochrom import editors
from photochrom.cli.help import Command, Group
from photochrom.editors.host import Action

app = typer.Typer(cls=Group, help="Install the plugins of the editors, or remove them.", no_args_is_help=True)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Purge = Annotated[bool, typer.Option("--purge", help="Also remove settings, history, logs and caches.")]


def _with_editor_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command one flag for each editor ("--gimp: only GIMP"): Typer reads them from its signature."""

    def flagged(**given: bool) -> None:
        chosen = tuple(name for name in editors.EDITORS if given.pop(name))
        command(chosen or tuple(editors.EDITORS), **given)

    flags = [
        Parameter(
            editor.name,
            Parameter.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[bool, typer.Option(f"--{editor.name}", help=f"Only {editor.title}.")],
        )
        for editor in editors.EDITORS.values()
    ]
    _names, *others = signature(command, eval_str=True).parameters.values()
    flagged.__signature__ = signature(command).replace(parameters=[*flags, *others])  # type: ignore[attr-defined]
    flagged.__doc__ = command.__doc__
    return flagged


@app.command("install", cls=Command)
@_with_editor_flags
def install(names: Iterable[str], *, dry_run: DryRun = False) -> None:
    """Install the plugin into every profile of every editor, Flatpak and Snap included."""
    _print_actions(editors.install(names, dry_run=dry_run), dry_run)


@app.command("remove", cls=Command)
@_with_editor_flags
def remove(names: Iterable[str], *, purge: Purge = False, dry_run: DryRun = False) -> None:
    """Remove the plugin from the editors, end the engine, and say what stays.

    Settings, history, logs and caches stay unless --purge is given. Models that were fetched or imported always stay:
    `photochrom models remove` removes them.
    """
    _print_actions(editors.remove(names, purge=purge, dry_run=dry_run), dry_run)


def _print_actions(actions: list[Action], dry_run: bool) -> None:
    for action in actions:
        typer.echo(f"{'would ' if dry_run else ''}{action}")
