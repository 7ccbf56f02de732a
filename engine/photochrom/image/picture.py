"""A photograph in a file: its properties, and its lightness.

Everything streams: opening a picture reads its header, and `Picture.lightness` is a lazy image that decodes as it is
read. Only pictures rotated by 90°, interlaced or progressive ones, WebP, and formats that libvips cannot decode pass
through memory (or a temporary file) as a whole.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import pyvips

from photochrom.errors import BadPicture
from photochrom.image import formats, gamut, tiff, vips_formats
from photochrom.image.color_spaces import LARGEST, SRGB, Format, RGBSpace
from photochrom.image.colorimetry import finite
from photochrom.image.kinds import TIFF, Kind, kind_of
from photochrom.image.stored_image import COLOR_BANDS, StoredImage
from photochrom.image.tones import LabTones, Tones, lab_by_lcms, tones_of
from photochrom_client.protocol import MAX_PIXELS

# What matters of libvips' warnings also raises an error; without a handler, Python would print them.
logging.getLogger("pyvips").addHandler(logging.NullHandler())

_WHITES: Final = (255.0, 1023.0, 4095.0, 16383.0, 65535.0, 4294967295.0)
"""Candidates for white in floating-point samples that kept the scale of the integers they were converted from."""

_HIGHLIGHTS: Final = 16.0
"""Floating-point samples beyond this are not highlights: white is not 1 in such a file."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A photograph in a file. `width` and `height` are those of the upright picture.

    `format` is that of the samples ("uchar", "ushort", "float"), `icc` the profile in the file, `space` the default
    RGB space of its color version, `notes` messages for the user, `loader` the vips operation that reads it, and
    `pages` the number of pages in the file.
    """

    path: Path
    width: int
    height: int
    format: Format
    alpha: bool
    icc: bytes | None = field(repr=False)
    space: RGBSpace
    notes: tuple[str, ...]
    loader: str = field(repr=False)
    pages: int
    tones: Tones = field(repr=False)
    stored: StoredImage = field(repr=False)

    def lightness(self) -> pyvips.Image:
        """D50 L* (1 band float, 0…100 for integer pictures), opened anew and lazy.

        The file is decoded as it is read, in one pass from top to bottom. Damage further down raises `pyvips.Error`
        only then: read inside `with picture.reading()`.
        """
        return self.lightness_of(self.pixels())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turns vips' errors about damaged files into `BadPicture`."""
        try:
            yield
        except pyvips.Error as error:
            raise _damaged(self.path, error) from error

    def pixels(self) -> pyvips.Image:
        """All bands of the upright picture as stored in the file, with its metadata, opened anew and lazy."""
        image = self.stored.load(self.stored.orientation in (1, 2))
        return image.autorot() if self.stored.orientation > 1 else image

    def color_of(self, pixels: pyvips.Image) -> pyvips.Image:
        """The color bands of `pixels`, without alpha."""
        return pixels[: pixels.bands - 1] if self.alpha else pixels

    def lightness_of(self, pixels: pyvips.Image) -> pyvips.Image:
        """`lightness` from `pixels` of this picture, for when both are needed in one pass."""
        return self.tones.lightness(self.color_of(pixels))

    @cached_property
    def opaque(self) -> bool:
        """Whether every pixel is fully opaque; reads all pixels if there is alpha."""
        if not self.alpha:
            return True
        with self.reading():
            return bool(self.pixels()[-1].min() >= LARGEST[self.format])

    @property
    def plain(self) -> bool:
        """Whether its color bands are gray or RGB, which every format can hold."""
        return self.stored.color in ("gray", "rgb") and not isinstance(self.tones, LabTones)

    def as_srgb(self, pixels: pyvips.Image, format: Format) -> pyvips.Image:
        """The color of `pixels` of this picture as sRGB samples of `format`, for what is not `plain`."""
        color = self.color_of(pixels)
        if isinstance(self.tones, LabTones):
            return SRGB.encode(gamut.linear_rgb(self.tones.lightness(color), self.tones.ab(color), SRGB), format)
        values = lab_by_lcms(color)
        return SRGB.encode(gamut.linear_rgb(values[0], values[1:], SRGB), format)


def open_picture(path: Path | str, page: int | None = None, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """Opens the photograph in the file `path`, reading only its header, or all of it if its samples are floats.

    `page` (1…) selects a page of a multi-page file (TIFF, animated WebP); None is the first, with a note. Raises
    BadPicture, naming the file, if it is missing, unreadable, of an unsupported format, damaged, empty, larger than
    `max_pixels` or `MAX_SIDE`, or not a photograph; BadRequest if it has no such page.
    """
    path = Path(path)
    kind = kind_of(path)
    try:
        stored = _with_white_at_one(_stored(path, kind, 1 if page is None else page, max_pixels))
        color = pyvips.Image.black(1, 1, bands=COLOR_BANDS[stored.color]).cast(stored.format)
    except pyvips.Error as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise BadPicture(f"{path} cannot be read: {error.strerror}.", "Check the disk and the name.") from error
    tones, space, note = tones_of(stored, color)
    notes = [*stored.notes, *([note] if note else [])]
    several = f"{path.name} holds {stored.pages} pictures; only the first is used."
    turned = stored.orientation > 4
    return Picture(
        path=path,
        width=stored.height if turned else stored.width,
        height=stored.width if turned else stored.height,
        format=stored.format,
        alpha=stored.alpha,
        icc=stored.icc,
        space=space,
        notes=(*([several] if page is None and stored.pages > 1 else []), *(f"{path.name}: {note}" for note in notes)),
        loader=stored.loader,
        pages=stored.pages,
        tones=tones,
        stored=stored,
    )


def _stored(path: Path, kind: Kind, number: int, max_pixels: int) -> StoredImage:
    if kind.reader:
        return formats.open_stored(kind, path, number, max_pixels)
    if kind is TIFF:
        return tiff.open_stored(path, number, max_pixels)
    return vips_formats.open_stored(path, kind.loader, number, max_pixels)


def _with_white_at_one(stored: StoredImage) -> StoredImage:
    """Scales floating-point samples that go far beyond 1 by their presumed white, with a note; opacity by the same
    white, if it goes beyond 1 too."""
    if stored.format != "float":
        return stored
    notes, load = list(stored.notes), stored.load
    if stored.icc is None and stored.space is None:
        notes.append("its floating-point samples have no profile; they are treated as sRGB, not as linear light.")
    color = COLOR_BANDS[stored.color]
    peaks = _peaks(load(True))
    peak, opacity = max(peaks[:color]), peaks[color] if stored.alpha else 0.0
    white = opaque = _white_of(peak)
    if white > 1:
        notes.append(f"its floating-point samples go up to {peak:g}; {white:g} is treated as white.")
        opaque = white if opacity > 1.001 else 1.0
    elif (opaque := _white_of(opacity)) > 1:  # color was multiplied by it, or has another scale
        notes.append(f"its opacity goes up to {opacity:g}; {opaque:g} is treated as opaque.")
    if white == opaque == 1:
        return replace(stored, notes=tuple(notes))
    factors = [1 / white] * color + [1 / opaque] * stored.alpha
    return replace(stored, load=lambda sequential: (load(sequential) * factors).cast("float"), notes=tuple(notes))


def _peaks(image: pyvips.Image) -> list[float]:
    """The largest value of each band."""
    statistics = finite(image).stats().numpy()  # a row for all bands, then one for each; its second item is the maximum
    return [float(row[1]) for row in statistics[1:]]


def _white_of(peak: float) -> float:
    """White in floating-point samples up to `peak`: 1, unless they go far beyond it."""
    return 1.0 if peak <= _HIGHLIGHTS else next((each for each in _WHITES if peak <= each * 1.001), peak)


def _damaged(path: Path, error: pyvips.Error) -> BadPicture:
    lines = dict.fromkeys(line.strip() for line in (error.detail or "").splitlines() if line.strip())
    detail = "; ".join(lines) or "its header is malformed"
    return BadPicture(
        f"{path} is damaged or truncated ({detail}).",
        "Copy or scan it again. If an image editor opens it, save it from there as gray or RGB.",
    )
