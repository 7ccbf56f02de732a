"""A layer on its way to the engine, and its colors on their way back."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..engine import Layer, Strip, connect
from ..note import Maker
from ..protocol import PixelForm
from ..settings import Settings
from .progress import Show, stage
from .spool import Coverage
from .texts import layer_name
from .unsuitable import EMPTY, Unsuitable

ROWS = 256
"""Rows of a band: memory stays bounded, and it is a multiple of GIMP's 64-pixel tiles."""


class Photograph(NamedTuple):
    """A layer, in bands of rows from top to bottom: `lightness` is "CIE L float", or with a `table` samples (see
    `Engine.upload`); `alpha` is float32 0…1, None for an opaque layer. `icc` is the profile in whose gamut the colors
    will be; None means sRGB."""

    width: int
    height: int
    lightness: Iterable[bytes]
    alpha: Iterable[bytes] | None
    icc: bytes | None
    table: array[float] | None = None


class Colored(NamedTuple):
    """`made_by` and `name` of the new layer's colors, and its strips, which are computed while they are read."""

    made_by: Maker
    name: str
    strips: Iterator[Strip]


def upload(plugin_folder: str | os.PathLike[str], photograph: Photograph, show: Show) -> Layer:
    """Uploads a layer, as the first quarter of the progress. Raises `EngineError`, `Unsuitable` for an empty one."""
    engine = connect(plugin_folder, stage(0.0, 0.05, show))
    seen = Coverage(photograph.alpha) if photograph.alpha is not None else None
    layer = engine.upload(
        photograph.width,
        photograph.height,
        photograph.lightness,
        alpha=seen,
        icc=photograph.icc,
        table=photograph.table,
        on_progress=stage(0.05, 0.25, show),
    )
    if seen is not None and not seen.anything:
        layer.close()
        raise Unsuitable(EMPTY)
    return layer


def colored(
    layer: Layer, wish: Settings, show: Show, start: float = 0.0, end: float = 1.0, form: PixelForm = "lab"
) -> Colored:
    """Colors for a layer that was sent: `start`…`end` of what is to be done after that. Raises `EngineError`."""
    at = [0.25 + 0.75 * (start + part * (end - start)) for part in (0, 1 / 3, 1)]
    job = layer.colorize(wish.options(), stage(at[0], at[1], show))
    name = layer_name(job, recolored=wish.object is not None)
    return Colored(job.made_by, name, job.strips(ROWS, stage(at[1], at[2], show), form))
