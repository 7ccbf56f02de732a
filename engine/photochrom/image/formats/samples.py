"""Common to the readers: conversion to 8 or 16 bits, metadata in vips' fields, translation of decoders' errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.errors import BadPicture, PhotochromError
from photochrom.image.color_spaces import Format
from photochrom.image.tiff import no_such_page

Samples = NDArray[Any]
"""uint8, uint16 or float32."""

_MAX_METADATA = 64_000_000
"""Maximum bytes of one block of metadata: far more than photographs have."""


def format_of(bits: int) -> Format:
    """The sample format that holds `bits` bits."""
    return "uchar" if bits <= 8 else "ushort"


def to_full_range(image: pyvips.Image, largest: int) -> pyvips.Image:
    """Scales integer samples 0…`largest` to 8 bits if they fit, else to 16: white to white, rounded. Lazy."""
    format = format_of(max(largest, 1).bit_length())
    white = 255 if format == "uchar" else 65535
    if largest == white:
        return image.cast(format)
    codes = np.minimum(np.arange(white + 1), largest)
    table = np.floor(codes * (white / largest) + 0.5).astype(np.uint8 if format == "uchar" else np.uint16)
    return image.cast(format).maplut(pyvips.Image.new_from_array(table[None]))


def image_of(samples: Samples) -> pyvips.Image:
    """Wraps samples (h, w) or (h, w, bands) as an image, sharing their memory."""
    samples = np.ascontiguousarray(samples)
    height, width = samples.shape[:2]
    bands = samples.shape[2] if samples.ndim == 3 else 1
    names = {"uint8": "uchar", "uint16": "ushort", "float32": "float"}
    return interpreted(pyvips.Image.new_from_memory(samples.data, width, height, bands, names[samples.dtype.name]))


def interpreted(image: pyvips.Image) -> pyvips.Image:
    """Sets vips' interpretation of gray or RGB for the image's format."""
    wide = image.format == "ushort"
    if image.bands < 3:
        return image.copy(interpretation="grey16" if wide else "b-w")
    return image.copy(interpretation="rgb16" if wide else "srgb")


def with_fields(image: pyvips.Image, fields: Mapping[str, bytes | None]) -> pyvips.Image:
    """Sets these metadata fields of `image` (`exif-data`, `xmp-data`, `iptc-data`, `icc-profile-data`)."""
    image = image.copy()
    for name, block in fields.items():
        if block and len(block) <= _MAX_METADATA:
            image.set_type(pyvips.GValue.blob_type, name, block)
    return image


def once(decode: Callable[[], pyvips.Image]) -> Callable[[bool], pyvips.Image]:
    """A `StoredImage.load` that decodes the whole picture on first use and caches it.

    Nothing keeps an array for copy_memory (findings/pyvips-copy-memory.sh): `decode` must not return a picture that
    was just made from one, but what `interpreted` or another operation makes of it.
    """

    @cache
    def kept() -> pyvips.Image:
        return decode().copy_memory()

    return lambda _sequential: kept()


@contextmanager
def decoding(path: Path, name: str, way_out: str = "") -> Iterator[None]:
    """Turns a decoder's exceptions about a `name` file into `BadPicture`; our own errors pass through."""
    try:
        yield
    except (PhotochromError, MemoryError):
        raise
    except Exception as error:  # On malformed input, decoders raise exceptions of any kind.
        raise damaged(path, name, _said(error), way_out) from error


def check_page(path: Path, number: int, pages: int) -> None:
    """Raises BadRequest if a file with that many `pages` has no page `number` (1…)."""
    if not 1 <= number <= pages:
        raise no_such_page(path, number, pages)


def _said(error: Exception) -> str:
    """An error's message on one line; LibRaw's are bytes."""
    what = error.args[0] if error.args else ""
    words = what.decode(errors="replace") if isinstance(what, bytes) else str(error)
    return " ".join(words.split()) or type(error).__name__


def damaged(path: Path, name: str, detail: str, way_out: str = "") -> BadPicture:
    """The error for a `name` file that cannot be decoded."""
    return BadPicture(
        f"{path} is a {name} file that is damaged, truncated or of an unsupported kind ({detail.rstrip('.')[:300]}).",
        way_out or "Copy it again, or save it as TIFF or PNG with the program that created it.",
    )
