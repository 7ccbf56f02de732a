"""Composes the color version of a photograph in integers, strip by strip, in numpy.

The same steps as `gamut.linear_rgb` and `RGBSpace.encode` take in libvips, in a fraction of the time: each strip is cut
into blocks of rows that stay in the processor's cache from the first step to the last, one block per core at a time.
Every step is a single IEEE operation, so samples are the same on all processors.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Protocol

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.image.color_spaces import Format, RGBSpace
from photochrom.image.lab import KNEE, SLOPE

Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Samples = NDArray[np.uint8] | NDArray[np.uint16]

BLOCK: Final = 24_576
"""Maximum pixels of a block, if that is more than a row: about a megabyte for all steps together."""

STRIP: Final = 250_000
"""Maximum pixels of a strip, if that is more than a row."""

MOST_THREADS: Final = 8
"""At most, if $VIPS_CONCURRENCY, which bounds libvips' own threads, says nothing else."""

_PER_LUMINANCE: Final = 24389 / 27
"""dL*/dY where L* is 8 or less."""

_TINY: Final = 1e-12
"""Lower bound of divisors, for colors at no distance from the neutral."""


class FullColor(Protocol):
    """a* and b* of a full-size picture, upsampled along its lightness."""

    width: int
    height: int

    def image(self, lightness: pyvips.Image) -> pyvips.Image:
        """The picture's lightness (1 band float, 0…100) -> its ab (2 bands float). Lazy."""
        ...

    def rows(self, lightness: Plane, top: int) -> tuple[Plane, Plane]:
        """Lightness (rows, width) 0…100 of the rows from `top` on -> their a* and b*, each of the same shape."""
        ...


def image(lightness: pyvips.Image, ab: FullColor, space: RGBSpace, format: Format) -> pyvips.Image:
    """A picture's lightness (1 band float) and its ab -> RGB (3 bands, uchar or ushort) in `space`, which has `codes`
    of this format. Lazy, for one pass from top to bottom.

    Reading raises `pyvips.Error` where the lightness cannot be read to its end.
    """
    kernel = Kernel(space, format)
    strips = _ahead(_strips(lightness, ab, kernel))
    pieces = _png(ab.width, ab.height, 8 * kernel.kind.itemsize, strips)
    rest = memoryview(b"")

    def read(count: int) -> memoryview | None:
        nonlocal rest
        while not rest:
            try:
                rest = memoryview(next(pieces))
            except StopIteration:
                return None
            except Exception:  # An exception cannot pass through C. libvips rejects a truncated picture.
                return None
        given, rest = rest[:count], rest[count:]
        return given

    source = pyvips.SourceCustom()
    source.on_read(read)
    found: pyvips.Image = pyvips.Image.new_from_source(source, "", access="sequential", fail_on="truncated")
    return found


def _png(width: int, height: int, bits: int, strips: Iterator[Bytes]) -> Iterator[bytes]:
    """Encodes strips of rows, each a 0 and RGB samples of so many bits, the high byte first, as an uncompressed PNG
    file: the cheapest format that libvips can read from a stream."""

    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    # libvips reads this far to open the picture: no strip is computed yet.
    yield _chunk(b"IDAT", b"\x78\x01")
    checksum = 1
    for strip in strips:
        data = strip.data.cast("B")
        checksum = zlib.adler32(data, checksum)
        yield _chunk(b"IDAT", *_stored(data))
    yield _chunk(b"IDAT", b"\x01\x00\x00\xff\xff", struct.pack(">I", checksum)) + _chunk(b"IEND")


def _stored(data: memoryview) -> Iterator[bytes | memoryview]:
    """Yields the data in stored DEFLATE blocks (RFC 1951, 3.2.4)."""
    for start in range(0, len(data), 65535):
        block = data[start : start + 65535]
        yield struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF)
        yield block


def _chunk(kind: bytes, *data: bytes | memoryview) -> bytes:
    body = b"".join((kind, *data))
    return b"".join((struct.pack(">I", len(body) - 4), body, struct.pack(">I", zlib.crc32(body))))


def _ahead(strips: Iterator[Bytes]) -> Iterator[Bytes]:
    """Yields the same strips, computing the next one while one is encoded."""
    maker = ThreadPoolExecutor(1, "strips")
    coming: Future[Bytes | None] = maker.submit(next, strips, None)
    while (strip := coming.result()) is not None:
        coming = maker.submit(next, strips, None)
        yield strip


def _threads() -> int:
    asked = os.environ.get("VIPS_CONCURRENCY", "")
    return int(asked) if asked.isdecimal() and int(asked) else min(MOST_THREADS, os.cpu_count() or 1)


def _strips(lightness: pyvips.Image, ab: FullColor, kernel: Kernel) -> Iterator[Bytes]:
    width, height = ab.width, ab.height
    rows, kind = max(1, STRIP // width), kernel.kind
    composer = Composer(lightness, ab, kernel)
    for top in range(0, height, rows):
        count = min(rows, height - top)
        filtered = np.zeros((count, 1 + 3 * width * kind.itemsize), np.uint8)
        if kind.itemsize == 1:
            composer.rows(top, np.ndarray((count, width, 3), np.uint8, filtered, 1, (1 + 3 * width, 3, 1)))
        else:
            samples = np.empty((count, width, 3), kind)
            composer.rows(top, samples)
            filtered[:, 1:] = samples.astype(kind.newbyteorder(">")).view(np.uint8).reshape(count, -1)
        yield filtered


class Composer:
    """A picture's lightness (1 band float) and its ab, as samples: rows from top to bottom, blocks of them on all
    cores. One thread at a time may ask."""

    def __init__(self, lightness: pyvips.Image, ab: FullColor, kernel: Kernel) -> None:
        self._ab, self._kernel = ab, kernel
        self._lightness = lightness  # A region does not keep its image alive, nor the file that Python reads for it.
        # One region, from top to bottom: libvips' own threads would request rows that a sequential decoder has passed.
        self._region = pyvips.Region.new(lightness)
        self._threads = ThreadPoolExecutor(_threads(), "blocks")

    def rows(self, top: int, samples: Samples) -> None:
        """Overwrites the first three bands of `samples` (rows, width, 3 or more) with the picture's rows from `top`.

        Raises `pyvips.Error` where the lightness cannot be read.
        """
        count, width, _ = samples.shape
        step = max(1, BLOCK // width)
        strip = np.frombuffer(self._region.fetch(0, top, width, count), np.float32).reshape(count, width)

        def block(first: int) -> None:
            part = strip[first : first + step]
            self._kernel.compose(part, *self._ab.rows(part, top + first), samples[first : first + step])

        for _ in self._threads.map(block, range(0, count, step)):
            pass


class Kernel:
    """L*, a*, b* to RGB of one space, fitted into its gamut (see `gamut`), in samples of a format that the space has
    `codes` of. Thread-safe."""

    def __init__(self, space: RGBSpace, format: Format) -> None:
        matrix = space.from_white_relative.astype(np.float32)
        # R, G and B less Y, of X − Y and Z − Y: the rows of the matrix sum to 1.
        self._from_x, self._from_z = matrix[:, 0], matrix[:, 2]
        self._codes = space.codes[format]
        self.kind = self._codes.dtype

    def compose(self, lightness: Plane, a: Plane, b: Plane, samples: Samples) -> None:
        """Lightness (rows, width) 0…100, a* and b* of the same shape, overwritten -> the first bands of `samples`."""
        scratch = np.empty((6, *lightness.shape), np.float32)
        luminance, above, below, *distances = scratch
        np.multiply(lightness, np.float32(1 / 116), out=above)
        above += np.float32(16 / 116)
        a *= np.float32(1 / 500)
        a += above
        b *= np.float32(-1 / 200)
        b += above
        _luminance(lightness, above, luminance)
        for u in (a, b):
            _f_inverse(u, above, below)
            np.subtract(u, luminance, out=u)
        for distance, x, z in zip(distances, self._from_x, self._from_z, strict=True):
            np.multiply(a, x, out=distance)
            np.multiply(b, z, out=above)
            np.add(distance, above, out=distance)
        share = _share(luminance, distances, above, below, a)
        for band, distance in enumerate(distances):
            np.multiply(distance, share, out=distance)
            np.add(distance, luminance, out=distance)
            np.clip(distance, 0, 1, out=distance)
            np.sqrt(distance, out=distance)
            np.multiply(distance, np.float32(65535), out=distance)
            np.add(distance, np.float32(0.5), out=distance)
            np.take(self._codes, distance.astype(np.uint16), out=samples[..., band])


def _luminance(lightness: Plane, fy: Plane, out: Plane) -> None:
    """The inverse of CIE 15:2018, eq. 8.3: Y from L* and f(Y), which is overwritten; in full float precision near black
    too."""
    np.maximum(fy, np.float32(24 / 116), out=fy)
    np.multiply(fy, fy, out=out)
    out *= fy
    np.minimum(lightness, np.float32(8), out=fy)
    fy -= np.float32(8)
    fy *= np.float32(1 / _PER_LUMINANCE)
    out += fy


def _f_inverse(u: Plane, cubic: Plane, cube: Plane) -> None:
    """f(t) -> t, in place, as in `colorimetry`; `cubic` and `cube` are scratch space."""
    np.maximum(u, np.float32(KNEE), out=cubic)
    np.multiply(cubic, cubic, out=cube)
    cube *= cubic
    u -= cubic
    u *= np.float32(SLOPE)
    u += cube


def _share(luminance: Plane, distances: list[Plane], above: Plane, below: Plane, room: Plane) -> Plane:
    """The share of the color in gamut, 0…1 (see `gamut`), from Y and the distances from it; the rest is scratch
    space."""
    red, green, blue = distances
    np.maximum(red, green, out=above)
    np.maximum(above, blue, out=above)
    np.maximum(above, np.float32(_TINY), out=above)
    np.minimum(red, green, out=below)
    np.minimum(below, blue, out=below)
    np.minimum(below, np.float32(-_TINY), out=below)
    np.subtract(np.float32(1), luminance, out=room)
    room /= above
    np.divide(luminance, below, out=below)
    np.negative(below, out=below)
    np.minimum(room, below, out=room)
    np.clip(room, 0, 1, out=room)
    return room
