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


def _with_editor_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command one flag for each editor ("--gimp: only GIMP"): Typer reads them from its signature."""

    def flagged(dry_run: bool, **wanted: bool) -> None:
        chosen = tuple(name for name, given in wanted.items() if given)
        command(chosen or tuple(editors.EDITORS), dry_run)

    flags = [
        Parameter(
            editor.name,
            Parameter.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[bool, typer.Option(f"--{editor.name}", help=f"Only {editor.title}.")],
        )
        for editor in editors.EDITORS.values()
    ]
    dry_run = Parameter("dry_run", Parameter.KEYWORD_ONLY, default=False, annotation=DryRun)
    flagged.__signature__ = signature(command).replace(parameters=[*flags, dry_run])  # type: ignore[attr-defined]
    flagged.__doc__ = command.__doc__
    return flagged


@app.command("install", cls=Command)
@_with_editor_flags
def install(names: Iterable[str], dry_run: bool) -> None:
    """Install the plugin into every profile of every editor, Flatpak and Snap included."""
    _print_actions(editors.install(names, dry_run=dry_run), dry_run)


@app.command("remove", cls=Command)
@_with_editor_flags
def remove(names: Iterable[str], dry_run: bool) -> None:
    """Remove the plugin from the editors."""
    _print_actions(editors.remove(names, dry_run=dry_run), dry_run)


def _print_actions(actions: list[Action], dry_run: bool) -> None:
    for action in actions:
        typer.echo(f"{'would ' if dry_run else ''}{action}")
