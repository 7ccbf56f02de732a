"""Limits on a picture's size, checked by its header before anything is decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from photochrom.errors import BadPicture

MAX_PIXELS_WHOLE: Final = 250_000_000
"""The limit for decoders that hold the whole picture in memory: interlaced, progressive, rotated, WebP."""

MAX_BYTES_WHOLE: Final = 3_000_000_000
"""The same limit in bytes, for many or wide samples."""

MAX_SIDE: Final = 200_000
"""The limit on width and height: a strip must fit into memory."""


def check_size(path: Path, width: int, height: int, max_pixels: int, *, whole: bool, pixel_bytes: int = 1) -> None:
    """Raises BadPicture if the picture in `path` is too large. `whole`: it is decoded as a whole, to `pixel_bytes`
    bytes per pixel."""
    limit = min(max_pixels, MAX_PIXELS_WHOLE, MAX_BYTES_WHOLE // pixel_bytes) if whole else max_pixels
    if width * height > limit or max(width, height) > MAX_SIDE:
        raise BadPicture(
            f"{path} is {width} × {height} pixels by its header, more than Photochrom accepts "
            f"({limit / 1e6:g} megapixels{' stored in this way' if whole else ''}, {MAX_SIDE} a side).",
            "Scale it down, or cut it into parts.",
        )
