"""The photograph underneath a color version is the scan: proved by their D50 L*, everywhere.

A color version keeps the scan's lightness up to the rounding of its file. `compare` looks at every pixel, and says
where more than that differs; `seal` is a hash of a photograph's tones that stays the same whatever file they are in, if
that keeps them exactly.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.errors import BadRequest
from photochrom.image.picture import Picture

CELL: Final = 8
"""Side, in pixels, of the cells that lossy files are compared by: JPEG's blocks, whose mean is kept best."""

_STRIP: Final = 64
"""Rows that are compared at a time, several cells high."""

_QUANTA: Final = 2.55
"""Steps of a seal in a unit of L*: 0…255."""

_TOLERANCES: Final = {"uchar": 0.3, "ushort": 0.01, "float": 0.01}
"""Of a pixel's L*, by the samples of the result: half a step of each of R, G and B where a step is the most."""

_LOSSY: Final = (0.5, 0.15)
"""Of the mean L* of a cell in a lossy file: so much, and so much more for each step of the coarsest quantization of its
mean. At qualities from 20 to 100, JPEG stayed below 0.8 of that."""

_WEBP_STEP: Final = 24
"""Taken for lossy WebP: at quality 20 it stayed below 0.9 of what that gives."""


@dataclass(frozen=True)
class Difference:
    """How far the L* of a result is from its scan's. `largest` difference of a pixel, or of the mean of a cell where
    `cells`; `allowed` by the format's rounding; `share` (0…1) of them that differ by more, and the smallest `box`
    around those (left, top, width, height) in pixels, None where there are none."""

    largest: float
    allowed: float
    cells: bool
    share: float
    box: tuple[int, int, int, int] | None

    @property
    def agrees(self) -> bool:
        """Whether the tones are the scan's."""
        return self.box is None


def compare(result: Picture, scan: Picture) -> Difference:
    """Every pixel of a result beside its scan.

    Raises:
        BadRequest: they are not of one size. BadPicture: one of them is damaged.
    """
    if (result.width, result.height) != (scan.width, scan.height):
        raise BadRequest(
            f"{result.path} is {result.width} × {result.height} pixels, {scan.path} is {scan.width} × {scan.height}.",
            "Compare a result with its own scan, at its full size.",
        )
    step = _quantization(result)
    side, allowed = (CELL, _LOSSY[0] + _LOSSY[1] * step) if step else (1, _TOLERANCES[result.format])
    largest, count, total = 0.0, 0, 0
    boxes = []
    with result.reading(), scan.reading():
        strips = zip(_strips(result.lightness()), _strips(scan.lightness()), strict=True)
        for (top, one), (_, other) in strips:
            apart = np.abs(_means(one - other, side))
            largest, total = max(largest, float(apart.max())), total + apart.size
            rows, columns = np.nonzero(apart > allowed)
            if rows.size:
                count += rows.size
                boxes.append((columns.min(), rows.min() + top // side, columns.max() + 1, rows.max() + top // side + 1))
    return Difference(largest, allowed, step > 0, count / total, _around(boxes, side, scan.width, scan.height))


def seal(picture: Picture) -> str:
    """SHA-256 of a picture's L*, row by row in 8 bits, lower-case hexadecimal.

    Raises:
        BadPicture: it is damaged.
    """
    digest = hashlib.sha256()
    with picture.reading():
        for _, rows in _strips(picture.lightness()):
            digest.update(quantized(rows).data)
    return digest.hexdigest()


def quantized(lightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    """L* (rows, width) 0…100 -> the bytes that a seal is taken of."""
    steps = np.clip(lightness * np.float32(_QUANTA) + np.float32(0.5), 0, 255)
    return np.asarray(steps, np.uint8)


def _strips(image: pyvips.Image) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Strips of an image of one band float, from top to bottom: (first row, rows)."""
    region = pyvips.Region.new(image)
    for top in range(0, image.height, _STRIP):
        rows = min(_STRIP, image.height - top)
        pixels = np.frombuffer(region.fetch(0, top, image.width, rows), np.float32)
        yield top, pixels.reshape(rows, image.width)


def _quantization(picture: Picture) -> int:
    """The coarsest quantization of a block's mean, in codes of its samples, times 8; 0 for lossless files."""
    if picture.loader == "jpegload":
        return _jpeg_step(picture.path.read_bytes())
    if picture.loader == "webpload":
        return 0 if b"VP8L" in _webp_chunks(picture.path.read_bytes()) else _WEBP_STEP
    return 0


def _jpeg_step(data: bytes) -> int:
    """The largest first entry of a JPEG file's quantization tables (ITU-T T.81, B.2.4.1).

    Of all of them: those of color count too, since L* is not what JPEG calls luminance."""
    place, steps = 2, [1]
    while data[place : place + 1] == b"\xff" and data[place + 1] != 0xDA:
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        segment, at = data[place + 4 : place + 2 + length], 0
        while data[place + 1] == 0xDB and at < len(segment):
            wide = segment[at] >> 4
            steps.append(int.from_bytes(segment[at + 1 : at + 2 + wide], "big"))
            at += 1 + 64 * (1 + wide)
        place += 2 + length
    return max(steps)


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    """The kinds of a WebP file's chunks (RFC 9649, 2.3)."""
    place = 12
    while place + 8 <= len(data):
        yield data[place : place + 4]
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + size + size % 2


def _means(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The mean of each cell; of those at the edges, of what there is of them."""
    if side == 1:
        return values
    height, width = values.shape
    down, across = np.arange(0, height, side), np.arange(0, width, side)
    sums = np.add.reduceat(np.add.reduceat(values, down, 0), across, 1)
    sizes = np.diff(np.append(down, height))[:, None] * np.diff(np.append(across, width))[None]
    return np.asarray(sums / sizes, np.float32)


def _around(
    boxes: list[tuple[int, int, int, int]], side: int, width: int, height: int
) -> tuple[int, int, int, int] | None:
    """The smallest box around boxes of cells (left, top, right, bottom): (left, top, width, height) in pixels."""
    if not boxes:
        return None
    left, top, right, bottom = np.array(boxes).T
    right_edge, bottom_edge = min(int(right.max()) * side, width), min(int(bottom.max()) * side, height)
    first = int(left.min()) * side, int(top.min()) * side
    return *first, right_edge - first[0], bottom_edge - first[1]
