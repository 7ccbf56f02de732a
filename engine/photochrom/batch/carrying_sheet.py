"""What taking over a correction would change, on one sheet: each frame before, after, and where the object is."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.errors import BadRequest, OutputFailed
from photochrom.image.atomic import replacing
from photochrom.pipeline.rendering import gray, srgb
from photochrom.sampling import upsampling
from photochrom.sampling.resize import as_image

if TYPE_CHECKING:
    import pyvips

    from photochrom.batch.carrying import View
    from photochrom.values import Plane

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")

SIDE: Final = 320
"""Longest side in pixels of one picture."""

LABEL: Final = 28
"""Height in pixels of the line below each row's pictures."""

GAP: Final = 12

ROWS: Final = 100
"""Of one sheet."""

_OUTSIDE: Final = 0.35
"""How bright the frame is where the object is not, in its third picture."""


def check_name(sheet: Path) -> None:
    """Raises BadRequest where a sheet cannot be called that."""
    if sheet.suffix.lower() not in SUFFIXES:
        raise BadRequest(f"{sheet.name} is no name for a sheet.", f"Use one of the suffixes {', '.join(SUFFIXES)}.")


class Sheets:
    """Rows below one another in the file `path`; after `ROWS` of them, in further files: NAME-2, NAME-3 and so on."""

    def __init__(self, path: Path) -> None:
        self._path, self._number = path, 1
        self._rows: list[pyvips.Image] = []

    def add(self, view: View) -> None:
        """One more frame; raises as `finish`."""
        if len(self._rows) == ROWS:
            self.finish()
        self._rows.append(_row(view))

    def finish(self) -> None:
        """Writes the rows that are not on a sheet yet.

        Raises:
            OutputFailed: it cannot be written.
        """
        import pyvips

        if not self._rows:
            return
        number = f"-{self._number}" if self._number > 1 else ""
        page = pyvips.Image.arrayjoin(self._rows, across=1, shim=GAP, background=255)
        page = page.embed(GAP, GAP, page.width + 2 * GAP, page.height + 2 * GAP, extend="background", background=255)
        path = self._path.with_stem(self._path.stem + number)
        with replacing(path) as unfinished:
            try:
                page.write_to_file(str(unfinished))
            except pyvips.Error as error:
                raise OutputFailed(f"{path} cannot be written: {str(error).strip()}.", "Make room.") from error
        self._rows, self._number = [], self._number + 1


def _row(view: View) -> pyvips.Image:
    """One frame: 8-bit sRGB, in memory."""
    import pyvips

    place, lightness = view.place, as_image(view.guide)
    mask = as_image(place.object.mask.astype(np.float32))
    mask = mask.resize(lightness.width / mask.width, vscale=lightness.height / mask.height, kernel="nearest")
    uncolored = gray(lightness)
    there = (uncolored * (mask * (1 - _OUTSIDE) + _OUTSIDE)).cast("uchar")
    pictures = [
        each.copy(interpretation="srgb").thumbnail_image(SIDE, height=SIDE, size="down")
        for each in (_colored(view.guide, view.before), _colored(view.guide, view.after), there)
    ]
    joined = pyvips.Image.arrayjoin(pictures, across=3, shim=GAP, background=255)
    line = f"{place.entry.output}: before, after, where ({place.alike:.0%} alike)"
    text = pyvips.Image.text(html.escape(line), font="sans 11")
    text = text.crop(0, 0, min(text.width, joined.width), min(text.height, LABEL))
    ink = (255 - text).embed(0, 6, joined.width, LABEL, extend="background", background=255)
    return joined.join(ink.bandjoin([ink, ink]), "vertical").copy_memory()


def _colored(guide: Plane, ab: Plane) -> pyvips.Image:
    lightness = as_image(guide)
    return srgb(lightness, upsampling.apply(upsampling.fit(guide, ab), lightness))
