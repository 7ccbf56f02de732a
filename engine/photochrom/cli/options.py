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


class Scanned(StrEnum):
    """Values of `--original`."""

    PRINT = "print"
    NEGATIVE = "negative"
    FADED = "faded"


class Format(StrEnum):
    """Values of `--format`, each the suffix of its files."""

    PNG = "png"
    TIFF = "tiff"
    JPEG = "jpeg"
    WEBP = "webp"
    ORA = "ora"


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
OriginalOption = Annotated[
    Scanned,
    typer.Option(
        "--original",
        help="What was scanned: the colorizer sees a negative's positive, and a faded print's tones stretched. The "
        "results keep the photograph's own tones.",
    ),
]
FormatOption = Annotated[
    Format | None,
    typer.Option(help="Format of the results. Default: that of the output's name, else the photograph's."),
]
Colorizer = Annotated[
    str, typer.Option("--colorizer", "-c", metavar="NAME", help="Colorizer to use; see `photochrom models list`.")
]
Harmonize = Annotated[
    bool, typer.Option("--harmonize", help="Segment the photograph and even out the colors of each object.")
]
Segmenter = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Segmenter for --harmonize: felzenszwalb or an installed model. Default: the best."
    ),
]
Layered = Annotated[
    bool,
    typer.Option("--layered", help="Write OpenRaster: the untouched photograph with a color layer above it."),
]
Profile = Annotated[
    str | None,
    typer.Option(metavar="PROFILE", help="RGB color space of the results: srgb, display-p3, adobe-rgb or an ICC file."),
]
Mark = Annotated[
    bool,
    typer.Option("--mark/--no-mark", help="Record in the file's XMP that its colors are AI-generated."),
]
Page = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Page to colorize in a multi-page file. Default: the first."),
]
AllPages = Annotated[
    bool, typer.Option("--all-pages", help="Colorize every page, as NAME-page-1, NAME-page-2 and so on.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]
