"""`photochrom album …`: corrections of pictures that belong together."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.help import Command, Group
from photochrom.cli.options import Json
from photochrom.cli.terminal import print_json, progress_bar
from photochrom.errors import BadRequest
from photochrom_client.protocol import MAX_CLICKS, SIZE

if TYPE_CHECKING:
    from photochrom.batch.carrying import Album, Place
    from photochrom.guidance.color_names import Color
    from photochrom_client.prompt import Prompt

app = typer.Typer(cls=Group, help="Correct colors in pictures that belong together.", no_args_is_help=True)


@app.callback()
def _album() -> None:
    pass


# Long because each option is a parameter.
@app.command(cls=Command)
def carry(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Output folder of a batch, of any kind.", show_default=False)
    ],
    source: Annotated[
        Path,
        typer.Option("--from", metavar="PICTURE", help="The result, or its photograph, in which the object is shown."),
    ],
    at: Annotated[
        list[str],
        typer.Option(
            "--at",
            metavar="X,Y",
            help="A point on the object, 0…1 from the left and from the top: 0.4,0.75. Repeatable.",
        ),
    ],
    color: Annotated[str, typer.Option(metavar="COLOR", help="Its color: #556b2f, or a name such as green.")],
    note: Annotated[
        str, typer.Option(metavar="TEXT", help="How the color is known: “letter of 1943”. It is kept with the results.")
    ] = "",
    off: Annotated[
        list[str] | None,
        typer.Option("--not-at", metavar="X,Y", help="A point that does not belong to the object. Repeatable."),
    ] = None,
    size: Annotated[
        float, typer.Option(min=SIZE.least, max=SIZE.most, help="Smaller than it was found (-1) … larger (1).")
    ] = SIZE.default,
    preview: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sheet with each picture before and after (.jpg, .png or .webp)."),
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="PICTURE", help="A result to leave as it is. Repeatable."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Colorize the results again, with the correction.")] = False,
    as_json: Json = False,
) -> None:
    """Give an object a color, in one result of a batch and wherever it is found in the others of its folder.

    Prints each result in which it is found, and how alike it is. Nothing is changed without --write: look at a
    --preview first, and name with --except where it is wrong.
    """
    from photochrom.batch import carrying, carrying_sheet, opening, publishing
    from photochrom.batch.agreements import Agreements
    from photochrom.batch.processes import default_jobs
    from photochrom.cli.batch import run
    from photochrom.guidance.color_names import parsed
    from photochrom_client.given import tidy
    from photochrom_client.prompt import Click, Prompt

    wanted = parsed(color)
    clicks = [Click(*_point(each)) for each in at] + [Click(*_point(each), away=True) for each in off or ()]
    if len(clicks) > MAX_CLICKS:
        raise BadRequest(f"{len(clicks)} points are too many for one object.", f"Give at most {MAX_CLICKS}.")
    prompt = Prompt(tuple(clicks), size=size)
    if preview:
        carrying_sheet.check_name(preview)
    with publishing.claim(folder), closing(opening.reopen(folder)) as journal:
        with closing(Agreements(publishing.journal_path(folder))) as notes:
            album = carrying.Album(folder, journal, notes, source)
            places = _places(album, prompt, wanted, set(leave or ()), preview, tidy(note))
            for place in places:
                _print(place, as_json)
            if write:
                carrying.write(places, journal, notes)
        if write:
            run(folder, journal, default_jobs(), None, None, as_json, manifest=False, report=True, web=None)
        elif not as_json:
            typer.echo(
                f"photochrom: found in {len(places)} of {len(album)}; nothing is changed yet: --write.", err=True
            )


def _places(album: Album, prompt: Prompt, color: Color, left: set[str], preview: Path | None, note: str) -> list[Place]:
    """Where the object is, and a sheet of that if it is wanted."""
    from photochrom.batch.carrying_sheet import Sheets

    places, sheets = [], Sheets(preview) if preview else None
    with progress_bar(len(album)) as (next_picture, _):
        for entry, view in album.views(prompt, color, note):
            next_picture(entry.source.name)
            if view is None or str(entry.output) in left:
                continue
            places.append(view.place)
            if sheets:
                sheets.add(view)
    if sheets:
        sheets.finish()
    return places


def _print(place: Place, as_json: bool) -> None:
    if as_json:
        share = float(place.object.mask.mean())
        print_json({"result": str(place.entry.output), "alike": round(place.alike, 3), "share": round(share, 4)})
    else:
        typer.echo(f"{place.entry.output}  {place.alike:.0%} alike")


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(each) for each in text.split(","))
    except ValueError:
        raise BadRequest(f"{text} is no point.", "Give two numbers from 0 to 1, such as 0.4,0.75.") from None
    return x, y
