"""How large a picture may be: checked by its header, before anything is decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from photochrom.errors import BadPicture

MAX_PIXELS_WHOLE: Final = 250_000_000
"""The limit where the decoder must hold the whole picture: interlaced, progressive, turned, WebP."""

MAX_BYTES_WHOLE: Final = 3_000_000_000
"""The same in bytes, where samples are many or wide."""

MAX_SIDE: Final = 200_000
"""The limit of width and height: a strip of it must fit into memory."""


def check_size(path: Path, width: int, height: int, max_pixels: int, *, whole: bool, pixel_bytes: int = 1) -> None:
    """Raises BadPicture where the picture in `path` is too large; `pixel_bytes` a pixel, where it is held `whole`."""
    limit = min(max_pixels, MAX_PIXELS_WHOLE, MAX_BYTES_WHOLE // pixel_bytes) if whole else max_pixels
    if width * height > limit or max(width, height) > MAX_SIDE:
        raise BadPicture(
            f"{path} says it is {width} × {height} pixels, more than Photochrom takes "
            f"({limit / 1e6:g} megapixels{' stored in this way' if whole else ''}, {MAX_SIDE} a side).",
            "Make it smaller, or cut it into parts.",
        )
