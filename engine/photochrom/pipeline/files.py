"""From one file to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom import __version__, originals
from photochrom.options import Options
from photochrom.pipeline import predict
from photochrom.progress import Progress, part, silent
from photochrom.sampling.proxy import Proxy
from photochrom_client.protocol import Original


@dataclass(frozen=True, kw_only=True)
class Result:
    """A colorized file of `width` × `height` pixels. `noticed`: what the photograph looks scanned from. `notes`:
    remarks for the user on how it was read and written, and on that."""

    source: Path
    output: Path
    width: int
    height: int
    colorizer: str
    noticed: Original
    notes: tuple[str, ...]


def colorize_file(
    source: Path,
    output: Path,
    options: Options,
    *,
    page: int | None = None,
    mark: bool = True,
    profile: str | None = None,
    overwrite: bool = True,
    progress: Progress = silent,
) -> Result:
    """Colorizes one file into another, in the format of the output's suffix (PNG, TIFF, JPEG, WebP, ORA).

    `page`: which picture of a file with several, 1…; by default the first, which `notes` then mention. `mark`: record
    in the file's XMP that its colors come from a trained algorithm. `profile`: the RGB profile of the output.
    `overwrite`: replace a file that is already there.

    Raises:
        BadPicture: the source cannot be read.
        BadRequest: it has no such page.
        OutputFailed: the output cannot be written; no partial file is left.
        ModelMissing, ModelDamaged: the colorizer cannot be used.
        Cancelled: from `progress`.
    """
    from photochrom.image.files import write_picture
    from photochrom.image.mark import Mark
    from photochrom.image.picture import open_picture

    picture = open_picture(source, page)
    with picture.reading():
        colors = predict(Proxy(picture.lightness()), options, part(progress, 0.0, 0.4))
    notes = write_picture(
        picture,
        colors.at_full_size(picture.height, picture.width),
        output,
        mark=Mark(colors.colorizer, __version__) if mark else None,
        profile=profile,
        overwrite=overwrite,
        progress=part(progress, 0.4, 1.0),
    )
    return Result(
        source=source,
        output=output,
        width=picture.width,
        height=picture.height,
        colorizer=colors.colorizer,
        noticed=colors.noticed,
        notes=(*picture.notes, *notes, *originals.remark(source.name, colors.noticed, options.original)),
    )
