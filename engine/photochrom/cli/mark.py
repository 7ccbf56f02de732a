"""`photochrom mark`: the note that a file's colors were made by an algorithm, in files of any program."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.terminal import Json, print_error, print_json
from photochrom.errors import BadRequest, PhotochromError

if TYPE_CHECKING:
    from photochrom.image.mark import Said

EPILOG = (
    "Exit codes: 0 done · 1 something failed, or with --check a file without the note · 2 wrong usage · 3 a file "
    "cannot be read · 4 a file cannot be written. With several files: 1 if any failed."
)


def mark(
    files: Annotated[list[Path], typer.Argument(help="PNG, JPEG, TIFF, WebP or OpenRaster files.", show_default=False)],
    colorizer: Annotated[
        str, typer.Option("--colorizer", "-c", help="Name who chose the colors, as in `photochrom models list`.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Only say which files have the note, and what it says.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the note out again.")] = False,
    as_json: Json = False,
) -> None:
    """Say in files that their colors were made by a trained algorithm.

    For pictures that another program exported: Krita, for example, writes no such note into JPEG and TIFF files. The
    note is the one that `photochrom colorize` writes: the XMP properties DigitalSourceType, AISystemUsed and
    AISystemVersionUsed. The picture itself stays as it is, byte for byte, and so does all other metadata. A file is
    replaced as a whole or not at all.

    Prints the files it changed, one a line.
    """
    from photochrom.image import marking

    _check_options(colorizer, check, remove)

    def do(file: Path) -> bool:
        if check:
            return False
        return marking.unmark(file) if remove else marking.mark(file, colorizer)

    failure: PhotochromError | None = None
    unmarked = False
    for file in files:
        try:
            changed, said = do(file), marking.read(file)
        except PhotochromError as error:
            failure = error
            print_error(error)
            if as_json:
                found = {"code": error.code, "cause": error.cause, "next_step": error.next_step}
                print_json({"file": str(file), "error": found})
            continue
        unmarked = unmarked or not said.is_ours
        if as_json:
            print_json({"file": str(file), "changed": changed, "marked": said.is_ours, **asdict(said)})
        elif check:
            typer.echo(f"{file}: {_in_words(said)}")
        elif changed:
            typer.echo(file)
        else:
            typer.echo(f"photochrom: {file} has {'no such note' if remove else 'the note already'}.", err=True)
    if failure:
        raise typer.Exit(failure.exit_code if len(files) == 1 else 1)
    if check and unmarked:
        raise typer.Exit(1)


def _check_options(colorizer: str, check: bool, remove: bool) -> None:
    if check and (remove or colorizer):
        raise BadRequest("--check changes nothing.", "Leave out --remove and --colorizer.")
    if remove and colorizer:
        raise BadRequest("--remove and --colorizer exclude each other.", "Leave one of them out.")
    if not colorizer.isprintable():
        raise BadRequest("The name of the colorizer has characters that cannot be printed.", "Give another one.")


def _in_words(said: Said) -> str:
    if said.is_ours:
        version = f", version {said.ai_system_version_used}" if said.ai_system_version_used else ""
        return f"colors made by {said.ai_system_used}{version}"
    if said.digital_source_type:
        return f"no note of Photochrom's; its source type is {said.digital_source_type.rpartition('/')[2]}"
    return "no note"
