"""Layered OpenRaster files: the source untouched, and the color layer above it.

The OpenRaster specification 0.0.6 (openraster.org): a zip that begins with an uncompressed `mimetype`, then
`stack.xml`, the layers as PNG in `data/`, `mergedimage.png`, and a thumbnail of at most 256 pixels. The
color layer is a normal layer with lightness and color baked in: no blend mode of OpenRaster preserves L*, so this is
the only way for GIMP and Krita to show the right tones. A source with transparency is hidden, since two
semi-transparent layers would be more opaque than one.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pyvips

from photochrom.image.atomic import replacing, scratch_folder
from photochrom.image.color_spaces import SRGB, SRGB_GRAY, RGBSpace
from photochrom.image.colorimetry import finite
from photochrom.image.flat_files import PNG, compose, describe, rescaled, save, with_profile
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture
from photochrom.image.strips import FullColor
from photochrom.image.tones import GrayTones
from photochrom.progress import Progress

COLOR_LAYER: Final = "Photochrom color"
SOURCE_LAYER: Final = "Photograph"


def write(
    picture: Picture,
    ab: pyvips.Image | FullColor,
    out: Path,
    *,
    mark: Mark | None,
    space: RGBSpace,
    progress: Progress | None,
    overwrite: bool,
) -> tuple[str, ...]:
    """Writes the layered version of `picture` to `out`; parameters and errors as in `files.write_picture`."""
    composed = compose(picture, ab, space, PNG)
    return _write(picture, picture, composed, out, mark=mark, progress=progress, overwrite=overwrite)


def write_colored(
    picture: Picture, colored: Picture, out: Path, *, mark: Mark | None, progress: Progress | None
) -> tuple[str, ...]:
    """Writes `picture` with the color version `colored` above it, both as they are, to `out`. Errors as `write`."""
    samples = as_it_is(colored)
    return _write(picture, colored, samples, out, mark=mark, progress=progress, overwrite=True)


def _write(
    picture: Picture,
    origin: Picture,
    samples: pyvips.Image,
    out: Path,
    *,
    mark: Mark | None,
    progress: Progress | None,
    overwrite: bool,
) -> tuple[str, ...]:
    """`samples`: those of the color layer, whose metadata are of the picture `origin`."""
    with replacing(out, overwrite=overwrite) as unfinished, scratch_folder(out) as folder:
        source, color, thumbnail = folder / "source.png", folder / "color.png", folder / "thumbnail.png"
        below = as_it_is(picture)
        save(picture, below, source, PNG, _part(progress, 0.0, 0.4))
        describe(picture, below, source, PNG, None)
        save(origin, samples, color, PNG, _part(progress, 0.4, 0.55))
        notes = describe(origin, samples, color, PNG, mark)
        small = pyvips.Image.thumbnail(os.fsencode(color), 256, height=256, size="down", output_profile="srgb")
        save(picture, small, thumbnail, PNG, None)
        if progress:
            progress(0.96, "Packing the layers")
        # PNG is compressed already: everything is stored uncompressed. A zip knows no time before 1980, but a computer
        # whose clock has stopped does.
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
            archive.writestr(zipfile.ZipInfo("mimetype"), "image/openraster")
            archive.writestr(zipfile.ZipInfo("stack.xml"), _stack(picture))
            archive.write(source, "data/source.png")
            archive.write(color, "data/color.png")
            archive.write(color, "mergedimage.png")
            archive.write(thumbnail, "Thumbnails/thumbnail.png")
    if progress:
        progress(1.0, "Written")
    return notes


def as_it_is(picture: Picture) -> pyvips.Image:
    """Returns the source's own samples, upright, in a format that PNG can hold, with their profile.

    8 and 16-bit gray and RGB are untouched. Float is rounded to 16 bit; CMYK and Lab become sRGB.
    """
    pixels, format = picture.pixels(), PNG.formats[picture.format]
    color, icc = picture.color_of(pixels), picture.icc or _profile(picture)
    if not picture.plain:
        color, icc = picture.as_srgb(pixels, format), SRGB.icc
    elif picture.format != format:
        color = rescaled(finite(color), picture.format, format)
    gray = color.bands < 3
    if picture.alpha:
        color = color.bandjoin(rescaled(finite(pixels[pixels.bands - 1]), picture.format, format))
    interpretation = {"uchar": "b-w", "ushort": "grey16"} if gray else {"uchar": "srgb", "ushort": "rgb16"}
    return with_profile(color.copy(interpretation=interpretation[format]), icc)


def _profile(picture: Picture) -> bytes | None:
    """The profile assumed for samples without one."""
    if isinstance(picture.tones, GrayTones):
        return picture.tones.space.icc or SRGB_GRAY
    return picture.space.icc or SRGB.icc


def _part(progress: Progress | None, start: float, share: float) -> Progress | None:
    return progress and (lambda done, doing: progress(start + share * done, doing))


def _stack(picture: Picture) -> bytes:
    """`stack.xml`: the layers from top to bottom."""
    image = ET.Element("image", version="0.0.6", w=str(picture.width), h=str(picture.height), name=picture.path.stem)
    stack = ET.SubElement(image, "stack")
    for name, source, visible in (
        (COLOR_LAYER, "data/color.png", True),
        (SOURCE_LAYER, "data/source.png", picture.opaque),
    ):
        attributes = {
            "name": name,
            "src": source,
            "x": "0",
            "y": "0",
            "opacity": "1.0",
            "visibility": "visible" if visible else "hidden",
            "composite-op": "svg:src-over",
        }
        ET.SubElement(stack, "layer", attributes)
    return bytes(ET.tostring(image, encoding="UTF-8", xml_declaration=True))
