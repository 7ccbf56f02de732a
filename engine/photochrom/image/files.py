"""Writes the color version of a photograph: a flat PNG, TIFF, JPEG or WebP file, or layered OpenRaster.

Properties of the output:

- RGB, with the source's own bits per sample where the format can hold them: PNG and OpenRaster 8 or 16
  (float becomes 16), TIFF 8, 16 or float, JPEG and WebP 8. JPEG is written at quality 95 without chroma
  subsampling, WebP lossless. Alpha is preserved exactly; a source with alpha cannot be written as JPEG.
- A source in a matrix/TRC RGB space keeps that space and its profile. Gray, CMYK and LUT profiles become
  sRGB, or the profile asked for. Samples without a profile are treated as sRGB.
- Only the lightness of a color source is used.
- Pixels are upright; metadata follows `photochrom.image.metadata`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyvips

from photochrom.errors import OutputFailed
from photochrom.image import flat_files, openraster
from photochrom.image.color_spaces import NAMED, RGBSpace, parse_icc
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture
from photochrom.image.strips import FullColor
from photochrom.progress import Progress

WRITABLE: Final = (*flat_files.TARGETS, ".ora")
"""Suffixes that `write_picture` accepts."""


def rgb_profile(name_or_path: str) -> RGBSpace:
    """Returns the RGB space of that name ("srgb", "display-p3", "adobe-rgb") or of an ICC profile in a file.

    Raises OutputFailed if there is no such file, or it is not an RGB matrix/TRC profile.
    """
    if (named := NAMED.get(name_or_path.lower())) is not None:
        return named
    names = ", ".join(NAMED)
    try:
        space = parse_icc(Path(name_or_path).read_bytes())
    except OSError as error:
        raise OutputFailed(
            f"There is no color profile {name_or_path}.", f"Name one of {names}, or an .icc file."
        ) from error
    if not isinstance(space, RGBSpace):
        raise OutputFailed(
            f"{name_or_path} is not an RGB profile with a matrix and curves.",
            f"Name one of {names}, or another .icc file.",
        )
    return space


def write_picture(
    picture: Picture,
    ab: pyvips.Image | FullColor,
    out: Path | str,
    *,
    mark: Mark | None,
    profile: str | None = None,
    progress: Progress | None = None,
    encoding: flat_files.Encoding | None = None,
    overwrite: bool = True,
) -> tuple[str, ...]:
    """Writes the color version of `picture` to the file `out`, in the format of its suffix.

    `ab` (2 bands float, the picture's size; or a `FullColor`) is fitted into the gamut; L* stays the picture's.
    `profile` is the name of an RGB space or an ICC file (see `rgb_profile`); None keeps the picture's. `mark` is
    recorded in the file's XMP. `encoding` applies to flat files; None is the default described above. Returns notes
    on metadata that could not be kept.

    Writing is atomic: `out` is either the old file or the complete new one; without `overwrite`, an old one stays, even
    if it appears meanwhile. Raises BadPicture if the source turns out to be damaged, OutputFailed if the result cannot
    be written (or is the source itself), Cancelled if `progress` raises it.
    """
    out = Path(out)
    if (ab.width, ab.height) != (picture.width, picture.height):
        raise ValueError(f"ab is {ab.width} × {ab.height}, not the picture's size")
    if out.suffix.lower() not in WRITABLE:
        raise OutputFailed(f"{out} has no suffix of a writable format.", f"Use one of {', '.join(WRITABLE)}.")
    if out.exists() and out.samefile(picture.path):
        raise OutputFailed(f"{out} is the source picture itself.", "Choose another name for the result.")
    space = rgb_profile(profile) if profile else picture.space
    if out.suffix.lower() == ".ora":
        return openraster.write(picture, ab, out, mark=mark, space=space, progress=progress, overwrite=overwrite)
    how = encoding or flat_files.Encoding()
    return flat_files.write(
        picture, ab, out, mark=mark, space=space, progress=progress, encoding=how, overwrite=overwrite
    )
