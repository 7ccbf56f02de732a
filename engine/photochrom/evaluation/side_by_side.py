"""One photograph colorized by several colorizers, on one labeled sheet."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom import colorizers, pipeline, routing
from photochrom.adjustments import Adjustments
from photochrom.errors import BadRequest, Cancelled, OutputFailed, PhotochromError
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.pipeline.rendering import gray, srgb
from photochrom.progress import Progress, silent
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import shrink

if TYPE_CHECKING:
    import pyvips

    from photochrom.image.picture import Picture
    from photochrom_client.protocol import Style

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")

WORKING_SIDE = 1024
"""Longest side to which the photograph is reduced before colorizing: more than any proxy of a typical picture."""

TILE = 480
"""Longest side in pixels of one picture on the sheet."""

LABEL = 44
"""Height in pixels of the label below each picture: two lines."""

ACROSS = 4
GAP = 16
INK, PAPER = 40, 255


def everyone() -> list[str]:
    """AUTO, then all installed colorizers."""
    return [routing.AUTO, *(card.name for card in colorizers.available())]


def write_sheet(
    photograph: Path,
    sheet: Path,
    names: Sequence[str],
    chroma: float = 1.0,
    style: Style = "vivid",
    progress: Progress = silent,
) -> dict[str, PhotochromError]:
    """Writes the photograph in gray and colorized by each of `names` in a `style`, to a JPEG, PNG or WebP file.

    A colorizer that fails does not affect the others: its tile stays gray and shows the cause, and its error is
    returned under its name. Each is unloaded after its turn, so that memory is bounded by the largest.

    Raises:
        BadPicture: the photograph cannot be read.
        BadRequest: the sheet's name has another suffix.
        OutputFailed: the sheet cannot be written.
        Cancelled: raised by `progress`.
    """
    import pyvips

    from photochrom.image.atomic import replacing
    from photochrom.image.picture import open_picture

    if sheet.suffix.lower() not in SUFFIXES:
        raise BadRequest(f"{sheet.name} is no name for a sheet.", f"Use one of the suffixes {', '.join(SUFFIXES)}.")
    options = Options(adjustments=Adjustments(chroma), style=style)
    with replacing(sheet) as unfinished:  # first, so that an unwritable folder is reported at once
        tiles, failed = _tiles(open_picture(photograph), names, options, progress)
        joined = pyvips.Image.arrayjoin(tiles, across=min(ACROSS, len(tiles)), shim=GAP, background=PAPER)
        width, height = joined.width + 2 * GAP, joined.height + 2 * GAP
        page = joined.embed(GAP, GAP, width, height, extend="background", background=PAPER)
        try:
            page.write_to_file(str(unfinished))
        except pyvips.Error as error:
            raise OutputFailed(f"{sheet} cannot be written: {str(error).strip()}.", "Make room on the disk.") from error
    progress(1.0, "Done")
    return failed


def _tiles(
    picture: Picture, names: Sequence[str], options: Options, progress: Progress
) -> tuple[list[pyvips.Image], dict[str, PhotochromError]]:
    progress(0.0, "Reading the photograph")
    with picture.reading():
        scale = min(1.0, WORKING_SIDE / max(picture.width, picture.height))
        width, height = (max(1, round(side * scale)) for side in (picture.width, picture.height))
        lightness = shrink(picture.lightness(), height, width).copy_memory()
    uncolored, proxy = gray(lightness), Proxy(lightness)
    tiles = [_tile(uncolored, picture.path.name)]
    failed: dict[str, PhotochromError] = {}
    for number, name in enumerate(names):
        progress((number + 0.5) / (len(names) + 1), name)
        try:
            colors = pipeline.predict(proxy, replace(options, colorizer=name))
        except Cancelled:
            raise
        except PhotochromError as error:
            failed[name] = error
            tiles.append(_tile(uncolored, f"{name}: {error.cause}"))
        else:
            shares = ", ".join(f"{member} {share:.2f}" for member, share in colors.scores.items())
            tiles.append(_tile(srgb(lightness, colors.full_ab(lightness)), f"{name} ({shares})" if shares else name))
        finally:
            LOADED.clear("colorizer")
    return tiles, failed


def _tile(image: pyvips.Image, label: str) -> pyvips.Image:
    """The picture, 8-bit sRGB, with its label below; computed eagerly, so that its source can be freed."""
    import pyvips

    picture = image.copy(interpretation="srgb").thumbnail_image(TILE, size="down")
    text = pyvips.Image.text(html.escape(label), font="sans 12", width=picture.width, wrap="word-char")
    text = text.crop(0, 0, min(text.width, picture.width), min(text.height, LABEL))
    ink = text.ifthenelse(INK, PAPER, blend=True)
    below = ink.embed(0, GAP // 2, picture.width, LABEL + GAP // 2, extend="background", background=PAPER)
    return picture.join(below.bandjoin([below, below]), "vertical").copy_memory()
