"""`photochrom verify`: the photograph underneath a color version is the scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import print_json

if TYPE_CHECKING:
    from photochrom.image.picture import Picture


def verify(
    result: Annotated[
        Path,
        typer.Argument(
            help="Color version: PNG, TIFF, JPEG, WebP or OpenRaster.", metavar="RESULT", show_default=False
        ),
    ],
    scan: Annotated[Path, typer.Option(metavar="SCAN", help="The scan that it was made of.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Check that a color version has the tones of its scan: L* of both agree, within its format's rounding, everywhere.

    Of an OpenRaster file, its layer with the photograph and the merged picture that viewers show are compared.

    Exit codes: 0 they agree, 1 they differ; the others as for `photochrom colorize`.
    """
    from photochrom.image.openraster_parts import parts
    from photochrom.image.picture import open_picture

    original = open_picture(scan)
    if result.suffix.lower() == ".ora":
        with parts(result, original.width * original.height) as found:
            agreed = [_compared(part.picture, original, result, part.name, as_json) for part in found]
    else:
        agreed = [_compared(open_picture(result), original, result, None, as_json)]
    if not all(agreed):
        raise typer.Exit(1)


def _compared(picture: Picture, scan: Picture, result: Path, part: str | None, as_json: bool) -> bool:
    """Prints what `result`, or a part of it, has of its scan's tones; whether all."""
    from photochrom.image.tone_seal import compare

    found = compare(picture, scan)
    if as_json:
        of = {"result": str(result), **({"part": part} if part else {}), "scan": str(scan.path)}
        print_json({**of, "agrees": found.agrees, **vars(found)})
        return found.agrees
    name = f"{result}, {part}" if part else str(result)
    of_what = "means of 8 × 8 pixels" if found.cells else "pixels"
    measured = f"{of_what} differ by {found.largest:.3f} L* at most, {found.allowed:g} is the format's rounding"
    if found.box is None:
        typer.echo(f"{name}: the tones are those of {scan.path} ({measured}).")
    else:
        left, top, width, height = found.box
        typer.echo(f"{name}: the tones are not those of {scan.path} ({measured}).")
        typer.echo(f"  {found.share:.2%} differ by more, all within {width} × {height} pixels from x {left}, y {top}.")
    return found.agrees
