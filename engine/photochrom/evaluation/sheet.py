"""Pictures side by side: small files for the report, and a contact sheet of gray / colorized / original."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photochrom.errors import BadRequest, OutputFailed
from photochrom.evaluation.metrics import Pixels
from photochrom.evaluation.results import GRAY, ORIGINAL, Evaluation, PictureResult

if TYPE_CHECKING:
    import pyvips

LONGEST_SIDE = 640
"""Maximum size of a report's pictures, so that browsers can open a page with hundreds."""

QUALITY = 75

CELL = 192
GAP = 12
ACROSS = 2


def encode(picture: Pixels) -> bytes:
    """Encodes a picture as a WebP file of at most LONGEST_SIDE pixels per side."""
    import pyvips

    image = pyvips.Image.new_from_array(np.ascontiguousarray(picture)).copy(interpretation="srgb")
    if max(image.width, image.height) > LONGEST_SIDE:
        image = image.thumbnail_image(LONGEST_SIDE, height=LONGEST_SIDE)
    return bytes(image.webpsave_buffer(Q=QUALITY, effort=2, keep="none"))


def contact_sheet(evaluation: Evaluation, path: Path, count: int = 20, colorizer: str | None = None) -> None:
    """Writes a sheet of `count` pictures, each as gray, colorized and original, to a PNG, JPEG or WebP file.

    The pictures are spread over the categories and, within each, evenly from its lowest to its highest CPSNR, without
    cherry-picking. `colorizer`: whose results to show; default `Evaluation.ours`.

    Raises BadRequest if the evaluation has no images (read from JSON), OutputFailed if the file cannot be written.
    """
    import pyvips

    if not evaluation.images:
        raise BadRequest("This evaluation has no images.", "Evaluate again: JSON contains only the scores.")
    colorizer = colorizer or evaluation.ours
    shown = spread(evaluation, colorizer, count)
    triples = [
        pyvips.Image.arrayjoin(
            [_cell(evaluation.images[picture.name].files[candidate]) for candidate in (GRAY, colorizer, ORIGINAL)],
            shim=2,
            background=255,
        )
        for picture in shown
    ]
    sheet = pyvips.Image.arrayjoin(triples, across=min(ACROSS, len(triples)), shim=GAP, background=255)
    try:
        sheet.write_to_file(str(path))
    except pyvips.Error as problem:
        raise OutputFailed(f"{path} cannot be written: {str(problem).strip()}.") from problem


def _cell(file: bytes) -> pyvips.Image:
    import pyvips

    return pyvips.Image.thumbnail_buffer(file, CELL, height=CELL, crop="centre").colourspace("srgb")


def spread(evaluation: Evaluation, colorizer: str, count: int) -> list[PictureResult]:
    """At most `count` pictures, from each category in turn, from low to high CPSNR."""
    rounds = -(-count // len(evaluation.categories))
    picked = []
    for category in evaluation.categories:
        ranked = sorted(evaluation.of_category(category), key=lambda picture: picture.scores[colorizer]["cpsnr"])
        # Middles of equal parts of the ranking; a category smaller than its share contributes all its pictures.
        share = min(rounds, len(ranked))
        picked.append([ranked[(2 * part + 1) * len(ranked) // (2 * share)] for part in range(share)])
    turns = [picture for turn in zip_longest(*picked) for picture in turn if picture is not None]
    return turns[:count]
