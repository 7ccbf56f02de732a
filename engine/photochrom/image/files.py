"""The color version of a photograph into a file: flat PNG, TIFF, JPEG and WebP, or layered OpenRaster.

What comes out:

- RGB, with the source's own bits per sample where the format can hold them: PNG and OpenRaster 8 or 16
  (float becomes 16), TIFF 8, 16 or float, JPEG and WebP 8. JPEG is written at quality 95 without chroma
  subsampling, WebP lossless. Alpha stays bit by bit; JPEG cannot hold it and is refused.
- A source in an RGB space with a closed form keeps that space and its profile. Gray, CMYK and profiles
  made of tables come out as sRGB, or in the profile asked for. Without a profile, samples are taken as sRGB.
- Of a color source only the lightness is used.
- Upright pixels; metadata as `photochrom.image.metadata` says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyvips

from photochrom.errors import OutputFailed
from photochrom.image import flat, openraster
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture
from photochrom.image.spaces import NAMED, RGBSpace, parse_icc
from photochrom.image.strips import FullColor
from photochrom.progress import Progress

WRITABLE: Final = (*flat.TARGETS, ".ora")
"""The suffixes `write_picture` knows."""


def rgb_profile(name_or_path: str) -> RGBSpace:
    """The RGB space of that name ("srgb", "display-p3", "adobe-rgb") or of an ICC profile in a file.

    Raises OutputFailed where there is no such file or it is not an RGB profile with a matrix and curves.
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
    encoding: flat.Encoding | None = None,
) -> tuple[str, ...]:
    """The color version of `picture` into the file `out`, in the format of its suffix.

    `ab` (2 bands float, the picture's size; or what `strips` takes) is fitted into the gamut; L* stays the
    picture's. `profile` is the name of an RGB space or an ICC file (`rgb_profile`); None keeps the picture's. `mark`
    says in the file's XMP who made the color. `encoding` of flat files: None for what is said above. Returns notes of
    the metadata that could not be kept.

    The file is written beside its final name and moved there when it is whole: `out` is either the old file
    or the whole new one. Raises BadPicture where the source proves damaged, OutputFailed where the result
    cannot be written (or is the source itself), Cancelled when `progress` raised it.
    """
    out = Path(out)
    if (ab.width, ab.height) != (picture.width, picture.height):
        raise ValueError(f"ab is {ab.width} × {ab.height}, not the picture's size")
    if out.suffix.lower() not in WRITABLE:
        raise OutputFailed(
            f"{out} has no suffix of a format that can be written.", f"Use one of {', '.join(WRITABLE)}."
        )
    if out.exists() and out.samefile(picture.path):
        raise OutputFailed(f"{out} is the source picture itself.", "Choose another name for the result.")
    space = rgb_profile(profile) if profile else picture.space
    if out.suffix.lower() == ".ora":
        return openraster.write(picture, ab, out, mark=mark, space=space, progress=progress)
    how = encoding or flat.Encoding()
    return flat.write(picture, ab, out, mark=mark, space=space, progress=progress, encoding=how)
