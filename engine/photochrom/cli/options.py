"""Arguments and options that several commands share, and the parts of their help texts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

EXIT_CODES = (
    "Exit codes: 0 success · 1 something failed · 2 wrong usage · 3 a picture cannot be read · 4 a result cannot be "
    "written · 5 a model or an extra is missing or damaged · 130 cancelled. With several pictures: 1 if any failed."
)

PICTURES = "JPEG, TIFF, PNG, WebP, BMP, GIF, HEIC, AVIF, JPEG 2000, JPEG XL, camera raw, Photoshop, Netpbm."
"""Formats that can be read; `photochrom.image.kinds` has the full list."""


class Style(StrEnum):
    """Values of `--style`."""

    VIVID = "vivid"
    CALM = "calm"


Photographs = Annotated[list[Path], typer.Argument(help=PICTURES, metavar="PHOTOGRAPH", show_default=False)]
ColorPhotographs = Annotated[
    Path,
    typer.Argument(
        help="Folder of color photographs; an optional index.csv lists and groups them.",
        metavar="FOLDER",
        show_default=False,
    ),
]
Chroma = Annotated[
    float, typer.Option(metavar="0…4", help="Strength of the colors: 0 is gray, 1 as predicted, 4 the maximum.")
]
Colors = Annotated[
    Style,
    typer.Option(
        help="Vivid is more colorful; calm keeps to the most likely colors. Some colorizers have only one style."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]
