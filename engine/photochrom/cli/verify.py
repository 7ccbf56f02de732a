"""`photochrom verify`: the photograph underneath a color version is the scan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.options import Json
from photochrom.cli.terminal import print_json


def verify(
    result: Annotated[
        Path, typer.Argument(help="Color version: PNG, TIFF, JPEG or WebP.", metavar="RESULT", show_default=False)
    ],
    scan: Annotated[Path, typer.Option(metavar="SCAN", help="The scan that it was made of.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Check that a color version has the tones of its scan: L* of both agree, within its format's rounding, everywhere.

    Exit codes: 0 they agree, 1 they differ; the others as for `photochrom colorize`.
    """
    from photochrom.image.picture import open_picture
    from photochrom.image.tone_seal import compare

    found = compare(open_picture(result), open_picture(scan))
    if as_json:
        print_json({"result": str(result), "scan": str(scan), "agrees": found.agrees, **vars(found)})
    else:
        of = "means of 8 × 8 pixels" if found.cells else "pixels"
        measured = f"{of} differ by {found.largest:.3f} L* at most, {found.allowed:g} is the format's rounding"
        if found.box is None:
            typer.echo(f"{result}: the tones are those of {scan} ({measured}).")
        else:
            left, top, width, height = found.box
            typer.echo(f"{result}: the tones are not those of {scan} ({measured}).")
            typer.echo(
                f"  {found.share:.2%} differ by more, all within {width} × {height} pixels from x {left}, y {top}."
            )
    if not found.agrees:
        raise typer.Exit(1)
