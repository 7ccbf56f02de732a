"""`photochrom mark`: the note that a file's colors are AI-generated, in files that any program exported."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import error_as_json, print_error, print_json
from photochrom.errors import BadRequest, PhotochromError

if TYPE_CHECKING:
    from photochrom.image.mark import SourceNote

EXIT_CODES = (
    "Exit codes: 0 success · 1 something failed, or with --check a file has no note · 2 wrong usage · 3 a file "
    "cannot be read · 4 a file cannot be written. With several files: 1 if any failed."
)


# Long because its docstring is the command's help.
def mark(
    files: Annotated[
        list[Path],
        typer.Argument(help="PNG, JPEG, TIFF, WebP or OpenRaster files.", metavar="FILE", show_default=False),
    ],
    colorizer: Annotated[
        str,
        typer.Option(
            "--colorizer", "-c", metavar="NAME", help="Name the colorizer in the note, as in `photochrom models list`."
        ),
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Only report which files have the note; change nothing.")] = (
        False
    ),
    remove: Annotated[bool, typer.Option("--remove", help="Remove the note.")] = False,
    as_json: Json = False,
) -> None:
    """Record in files that their colors are AI-generated.

    For pictures exported from another program: Krita, for example, writes no such note into JPEG and TIFF files. It is
    the note that `photochrom colorize` writes: the XMP properties DigitalSourceType, AISystemUsed and
    AISystemVersionUsed. The picture and all other metadata stay the same, byte for byte, and a file is either replaced
    completely or left alone.

    Prints the path of each file changed, one per line.
    """
    from photochrom.image import marking

    _check_options(colorizer, check, remove)

    def change(file: Path) -> bool:
        if check:
            return False
        return marking.unmark(file) if remove else marking.mark(file, colorizer)

    failure: PhotochromError | None = None
    unmarked = False
    for file in files:
        try:
            changed, note = change(file), marking.read(file)
        except PhotochromError as error:
            failure = error
            print_error(error)
            if as_json:
                print_json({"file": str(file), "error": error_as_json(error)})
            continue
        unmarked = unmarked or not note.is_ours
        if as_json:
            print_json({"file": str(file), "changed": changed, "marked": note.is_ours, **asdict(note)})
        elif check:
            typer.echo(f"{file}: {_summary(note)}")
        elif changed:
            typer.echo(file)
        else:
            typer.echo(f"photochrom: {file} {'has no such note' if remove else 'already has the note'}.", err=True)
    if failure:
        raise typer.Exit(failure.exit_code if len(files) == 1 else 1)
    if check and unmarked:
        raise typer.Exit(1)


def _check_options(colorizer: str, check: bool, remove: bool) -> None:
    if check and (remove or colorizer):
        raise BadRequest("--check changes nothing.", "Leave out --remove and --colorizer.")
    if remove and colorizer:
        raise BadRequest("--remove and --colorizer exclude each other.", "Leave out one of them.")
    if not colorizer.isprintable():
        raise BadRequest("The colorizer's name contains characters that cannot be printed.", "Give another name.")


def _summary(note: SourceNote) -> str:
    if note.is_ours:
        version = f", version {note.ai_system_version_used}" if note.ai_system_version_used else ""
        return f"colors by {note.ai_system_used}{version}"
    if note.digital_source_type:
        return f"no note from Photochrom; its source type is {note.digital_source_type.rpartition('/')[2]}"
    return "no note"
