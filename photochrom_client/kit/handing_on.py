"""A picture for another program: which ones there are, and the engine's part of the work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from ..engine import connect
from ..note import Maker, colorizers
from ..translation import translated as _
from .progress import Show, stage


class Program(NamedTuple):
    """`name` is for scripts and settings, `title` and `explained` for people; `suffix` is that of the file."""

    name: str
    title: str
    explained: str
    suffix: str


_LAYERS = _("Two layers: the photograph, and above it what is seen")
PHOTOSHOP = Program("photoshop", "Photoshop (PSD)", _LAYERS, ".psd")
ARCHIVE = Program("archive", _("an archive (TIFF)"), _("One flat picture with profile and metadata"), ".tif")
FOR_GIMP = (
    Program("krita", "Krita (OpenRaster)", _LAYERS, ".ora"),
    PHOTOSHOP,
    ARCHIVE,
)
"""Those that GIMP exports for, the usual one first."""
FOR_KRITA = (Program("gimp", "GIMP (OpenRaster)", _LAYERS, ".ora"), PHOTOSHOP, ARCHIVE)


def last_for_gimp(path: str) -> Program:
    """The program whose file was exported last, at `path`; the usual one where there is none."""
    suffix = os.path.splitext(path)[1].lower()
    return next((each for each in FOR_GIMP if each.suffix == suffix), FOR_GIMP[0])


def renamed(path: str, program: Program) -> str:
    """The path of a file, with the suffix of a program's."""
    stem, suffix = os.path.splitext(path)
    return path if suffix.lower() == program.suffix else stem + program.suffix


def proposed(name: str, program: Program) -> str:
    """A name for the exported file of an image of this name: it is not that of the image itself."""
    stem = os.path.splitext(name)[0] or name
    return f"{stem}-color{program.suffix}"


def export(
    plugin_folder: str | os.PathLike[str],
    photograph: str,
    colored: str,
    output: str,
    makers: Sequence[Maker],
    mark: bool,
    show: Show,
    given: str = "",
) -> None:
    """Writes `output` from both pictures that the editor has written. `given`: as `given.written`. Raises
    `EngineError`."""
    engine = connect(plugin_folder, stage(0.3, 0.35, show))
    engine.export(photograph, colored, output, colorizers(makers), mark, stage(0.35, 1.0, show), given)
