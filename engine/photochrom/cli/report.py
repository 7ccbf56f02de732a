"""`photochrom report`: which colors of a picture a person gave, and which were guessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import error_as_json, print_error, print_json
from photochrom.errors import PhotochromError

if TYPE_CHECKING:
    from photochrom.image.mark import SourceNote
    from photochrom_client.given import Given

EXIT_CODES = "Exit codes: 0 success · 2 wrong usage · 3 a file cannot be read. With several files: 1 if any failed."

LIGHTNESS = 60.0
"""At which a color without a lightness of its own gets its name."""


def report(
    photographs: Annotated[
        list[Path],
        typer.Argument(help="PNG, JPEG, TIFF, WebP or OpenRaster files.", metavar="PHOTO", show_default=False),
    ],
    as_json: Json = False,
) -> None:
    """Print which colors of a picture a person gave, which of them are known, and which were guessed.

    Reads what the editors, `photochrom album carry --note` and `photochrom mark` have written into the file's metadata.
    A color is known if somebody noted how; without such a note it is the guess of the person who chose it. All other
    colors are a colorizer's guess. The documents of editors (XCF, KRA) keep this with their layers: export them first.
    """
    from photochrom.image import marking

    failure: PhotochromError | None = None
    for file in photographs:
        try:
            note = marking.read(file)
        except PhotochromError as error:
            failure = error
            print_error(error)
            if as_json:
                print_json({"file": str(file), "error": error_as_json(error)})
            continue
        if as_json:
            print_json({"file": str(file), **_facts(note)})
        else:
            typer.echo("\n  ".join([f"{file}:", *_lines(note)]))
    if failure:
        raise typer.Exit(failure.exit_code if len(photographs) == 1 else 1)


def _facts(note: SourceNote) -> dict[str, Any]:
    given = [
        {
            "what": each.what,
            "at": None if each.at is None else [share / 100 for share in each.at],
            "color": each.color,
            "name": _name(each),
            "known": bool(each.note),
            "note": each.note,
        }
        for each in note.given
    ]
    return {"colorized": note.is_ours, "colorizer": note.colorizer, "given": given}


def _lines(note: SourceNote) -> list[str]:
    if not note.is_ours:
        return ["nothing is noted about its colors"]
    known = [each for each in note.given if each.note]
    chosen = [each for each in note.given if not each.note]
    return [
        *(f"known    {_described(each)}: {each.note}" for each in known),
        *(f"chosen   {_described(each)}, by a person who gave no reason" for each in chosen),
        f"guessed  {'all other' if note.given else 'all'} colors, by {note.colorizer or 'a colorizer'}",
    ]


def _described(given: Given) -> str:
    """ "object at 42 % across, 60 % down, green"."""
    what = "what is painted" if given.what == "paint" else given.what
    place = "" if given.at is None else f" at {given.at[0]} % across, {given.at[1]} % down"
    name = _name(given)
    return f"{what}{place}" + (f", {name}" if name else "")


def _name(given: Given) -> str:
    """The name of its color, "" if that is not known."""
    if given.color is None:
        return ""
    import numpy as np

    from photochrom.guidance.color_names import color_name

    return color_name(LIGHTNESS, np.array(given.color))
