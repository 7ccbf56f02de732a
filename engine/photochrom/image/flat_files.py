"""Flat PNG, TIFF, JPEG and WebP files, composed and encoded strip by strip."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import pyvips

from photochrom.errors import OutputFailed
from photochrom.image import gamut, metadata, strips
from photochrom.image.atomic import replacing
from photochrom.image.color_spaces import LARGEST, SRGB, Format, RGBSpace
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture
from photochrom.image.strips import FullColor
from photochrom.progress import Progress


@dataclass(frozen=True)
class Target:
    """A file format to write: its name and container, the sample format for each source format, whether it supports
    alpha, its largest side in pixels, and vips' saver with its options."""

    name: str
    container: metadata.Container
    formats: dict[Format, Format]
    alpha: bool
    max_side: int
    saver: str
    options: dict[str, object]


@dataclass(frozen=True)
class Encoding:
    """How a flat file is encoded, where not as `Target` says: bits a sample (8 or 16) where the format has both, and
    the quality (1…100) of JPEG and WebP, which is then lossy."""

    depth: Literal[8, 16] | None = None
    quality: int | None = None

    def of(self, target: Target) -> Target:
        """The target with this encoding."""
        formats, options = target.formats, target.options
        if self.depth == 8:
            formats = _ONLY_8
        elif self.depth == 16 and target.formats != _ONLY_8:
            formats = _ALL_16
        if self.quality is not None and target.saver == "jpegsave":
            options = options | {"Q": self.quality}
        elif self.quality is not None and target.saver == "webpsave":
            options = {"Q": self.quality, "exact": True}
        return replace(target, formats=formats, options=options)


_ONLY_8: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "uchar", "float": "uchar"}
_ALL_16: Final[dict[Format, Format]] = {"uchar": "ushort", "ushort": "ushort", "float": "ushort"}
_UP_TO_16: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "ushort", "float": "ushort"}
_ALL: Final[dict[Format, Format]] = {"uchar": "uchar", "ushort": "ushort", "float": "float"}

PNG: Final = Target("PNG", "png", _UP_TO_16, True, 2**31 - 1, "pngsave", {"compression": 6})
_TIFF: Final = Target("TIFF", "tiff", _ALL, True, 2**31 - 1, "tiffsave", {"compression": "deflate"})
_JPEG: Final = Target("JPEG", "jpeg", _ONLY_8, False, 65500, "jpegsave", {"Q": 95, "subsample_mode": "off"})
_WEBP: Final = Target("WebP", "webp", _ONLY_8, True, 16383, "webpsave", {"lossless": True, "exact": True})

TARGETS: Final = {
    ".png": PNG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".jpe": _JPEG,
    ".jif": _JPEG,
    ".jfif": _JPEG,
    ".webp": _WEBP,
}
"""The flat formats by suffix."""


def write(
    picture: Picture,
    ab: pyvips.Image | FullColor,
    out: Path,
    *,
    mark: Mark | None,
    space: RGBSpace,
    progress: Progress | None,
    encoding: Encoding,
    overwrite: bool,
) -> tuple[str, ...]:
    """Writes the color version of `picture` to `out`, in one of `TARGETS`; see `files.write_picture`."""
    target = encoding.of(TARGETS[out.suffix.lower()])
    _check_fits(picture, out, target)
    with replacing(out, overwrite=overwrite) as unfinished:
        image = compose(picture, ab, space, target)
        save(picture, image, unfinished, target, progress)
        return describe(picture, image, unfinished, target, mark)


def _check_fits(picture: Picture, out: Path, target: Target) -> None:
    if not target.alpha and not picture.opaque:
        raise OutputFailed(
            f"{out}: {picture.path.name} has transparency, which {target.name} cannot hold.",
            "Write PNG, TIFF or WebP instead.",
        )
    if max(picture.width, picture.height) > target.max_side:
        raise OutputFailed(
            f"{out}: {target.name} holds at most {target.max_side} pixels a side, "
            f"the picture is {picture.width} × {picture.height}.",
            "Write PNG or TIFF instead.",
        )


def compose(picture: Picture, ab: pyvips.Image | FullColor, space: RGBSpace, target: Target) -> pyvips.Image:
    """Returns the color version in `target`'s sample format, lazy: RGB or RGBA in `space`, with its profile."""
    pixels, format = picture.pixels(), target.formats[picture.format]
    lightness = picture.lightness_of(pixels)
    if isinstance(ab, pyvips.Image):
        image = space.encode(gamut.linear_rgb(lightness, ab, space), format)
    elif format in space.codes:
        image = strips.image(picture.lightness(), ab, space, format)
    else:
        image = space.encode(gamut.linear_rgb(lightness, ab.image(lightness), space), format)
    if picture.alpha and target.alpha:
        image = image.bandjoin(rescaled(pixels[pixels.bands - 1], picture.format, format))
    interpretation = {"uchar": "srgb", "ushort": "rgb16", "float": "srgb"}[format]
    # Some programs read a 16-bit PNG without color information as linear light.
    icc = space.icc or (SRGB.icc if target.name == PNG.name else None)
    return with_profile(image.copy(interpretation=interpretation), icc)


def with_profile(image: pyvips.Image, icc: bytes | None) -> pyvips.Image:
    """Returns `image` with that color profile; no other metadata of an image is ever saved."""
    image = image.copy()
    if image.get_typeof("icc-profile-data"):
        image.remove("icc-profile-data")
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return image


def describe(picture: Picture, image: pyvips.Image, out: Path, target: Target, mark: Mark | None) -> tuple[str, ...]:
    """Adds the picture's metadata, updated for the result, and the mark to `out`, which `save` has written.

    Returns notes on what could not be kept.
    """
    facts = metadata.facts_of(image, target.container, picture.stored.orientation)
    found = metadata.of_result(metadata.of_picture(picture), facts, mark)
    notes = (*found.notes, *metadata.add(out, target.container, found))
    return tuple(f"{picture.path.name}: {note}" for note in dict.fromkeys(notes))


def rescaled(samples: pyvips.Image, old: Format, new: Format) -> pyvips.Image:
    """Converts `samples` from the format `old` to `new`, mapping white to white."""
    if old == new:
        return samples
    return (samples * (LARGEST[new] / LARGEST[old]) + 0.5).cast(new)


def save(picture: Picture, image: pyvips.Image, out: Path, target: Target, progress: Progress | None) -> None:
    """Computes `image` and encodes it to `out`, reporting progress; cancelling stops between strips."""
    stopped: list[BaseException] = []

    def on_strip(_: pyvips.Image, state: object) -> None:
        if progress is None or stopped:
            return
        try:
            progress(min(state.percent / 100, 1.0), "Writing the picture")  # type: ignore[attr-defined]
        except BaseException as error:  # An exception cannot pass through C: it is raised again below.
            stopped.append(error)
            image.set_kill(True)

    options = dict(target.options)
    if target.saver == "tiffsave":
        size = image.width * image.height * image.bands * {"uchar": 1, "ushort": 2, "float": 4}[image.format]
        options["bigtiff"] = size > 3_500_000_000
        options["predictor"] = "float" if image.format == "float" else "horizontal"
    image = image.copy()
    image.set_progress(True)
    image.signal_connect("eval", on_strip)
    try:
        pyvips.Operation.call(target.saver, image, os.fsencode(out), keep="icc", **options)
    except pyvips.Error as error:
        if stopped:
            raise stopped[0] from None
        with picture.reading():
            picture.lightness().avg()  # If the source is damaged, this raises BadPicture.
        detail = " ".join((error.detail or error.message).split())
        raise OutputFailed(
            f"{out} cannot be written ({detail}).",
            "Free some disk space, or choose another folder or format.",
        ) from error
    if stopped:
        raise stopped[0]
