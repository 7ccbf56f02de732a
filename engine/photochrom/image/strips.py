"""Composes the color version of a photograph in integers, strip by strip, in numpy.

The same steps as `gamut.linear_rgb` and `RGBSpace.encode` take in libvips, in a fraction of the time: each strip is cut
into blocks of rows that all steps pass over before the next, one block per core at a time.
Every step is a single IEEE operation, so samples are the same on all processors.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Protocol

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.image.color_spaces import Format, RGBSpace
from photochrom.image.lab import KNEE, SLOPE
from photochrom.scratch import Scratch

Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Samples = NDArray[np.uint8] | NDArray[np.uint16]

BLOCK: Final = 65_536
"""Maximum pixels of a block, if that is more than a row: three megabytes for all steps together, and each step takes so
long that other threads compute meanwhile."""

FETCHED: Final = 32_768
"""Maximum pixels asked of libvips at once, if that is more than a row: each of its operations holds all of them."""

BLOCKS: Final = 2
"""Blocks of a strip for each thread."""

MOST_THREADS: Final = 8
"""At most, if $VIPS_CONCURRENCY, which bounds libvips' own threads, says nothing else."""

_LIGHT: Final = 65535.0**2
"""White in linear light: a root of it is the place of its code, and no pass over the pixels is spent on scaling."""

_F: Final = _LIGHT ** (1 / 3)
"""f of that white (CIE 15:2018, section 8.2.1): its cube is light."""

_TINY: Final = 1e-3
"""Lower bound of divisors, in that light: for black and for white, which have no room for color."""


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
    strips = _ahead(_strips(reader(lightness), ab, kernel))
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


def _strips(read: Read, ab: FullColor, kernel: Kernel) -> Iterator[Bytes]:
    width, height = ab.width, ab.height
    rows, kind = max(1, BLOCK // width) * BLOCKS * _threads(), kernel.kind
    composer = Composer(read, ab, kernel)
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


Read = Callable[[int, int], Plane]
"""(first row, number of rows) -> their lightness (rows, width) 0…100; one thread at a time asks, from top to bottom."""


def reader(lightness: pyvips.Image) -> Read:
    """Reads the rows of an image (1 band float). It raises `pyvips.Error` where they cannot be read."""
    # One region: libvips' own threads would request rows that a sequential decoder has passed.
    region = pyvips.Region.new(lightness)

    def read(top: int, count: int) -> Plane:
        width = lightness.width  # A region does not keep its image alive, nor the file that Python reads for it.
        rows = np.empty((count, width), np.float32)
        step = max(1, FETCHED // width)
        for first in range(0, count, step):
            part = rows[first : first + step]
            part[:] = np.frombuffer(region.fetch(0, top + first, *part.shape[::-1]), np.float32).reshape(part.shape)
        return rows

    return read


class Composer:
    """A picture's lightness and its ab, as samples: rows from top to bottom, blocks of them on all cores. One thread
    at a time may ask."""

    def __init__(self, read: Read, ab: FullColor, kernel: Kernel) -> None:
        self._read, self._ab, self._kernel = read, ab, kernel
        self._threads = ThreadPoolExecutor(_threads(), "blocks")

    def rows(self, top: int, samples: Samples) -> None:
        """Overwrites the first three bands of `samples` (rows, width, 3 or more) with the picture's rows from `top`.

        Raises what reading the lightness raises.
        """
        count, width, _ = samples.shape
        step = max(1, BLOCK // width)
        strip = self._read(top, count)

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
        self._planes, self._places = Scratch(), Scratch(np.intp)

    def compose(self, lightness: Plane, a: Plane, b: Plane, samples: Samples) -> None:
        """Lightness (rows, width) 0…100, a* and b* of the same shape, overwritten -> the first bands of `samples`."""
        luminance, above, below, *distances = self._planes.array(6, *lightness.shape)
        np.multiply(lightness, np.float32(_F / 116), out=luminance)
        luminance += np.float32(_F * 16 / 116)
        a *= np.float32(_F / 500)
        a += luminance
        b *= np.float32(-_F / 200)
        b += luminance
        for u in (luminance, a, b):
            _f_inverse(u, above, below)
        a -= luminance
        b -= luminance
        for distance, x, z in zip(distances, self._from_x, self._from_z, strict=True):
            np.multiply(a, x, out=distance)
            np.multiply(b, z, out=above)
            np.add(distance, above, out=distance)
        excess = _excess(luminance, distances, above, below, a)
        place, found = self._places.array(*lightness.shape), np.empty(lightness.shape, self.kind)
        for band, distance in enumerate(distances):
            np.divide(distance, excess, out=distance)
            np.subtract(luminance, distance, out=distance)
            np.clip(distance, 0, np.float32(_LIGHT), out=distance)
            np.sqrt(distance, out=distance)
            np.add(distance, np.float32(0.5), out=distance)
            np.copyto(place, distance, casting="unsafe")
            np.take(self._codes, place, out=found, mode="clip")  # other modes and kinds of index copy once more
            samples[..., band] = found


def _f_inverse(u: Plane, cubic: Plane, cube: Plane) -> None:
    """f(t) in units of 1 / `_F` -> t in those of 1 / `_LIGHT`, in place, as in `colorimetry`; `cubic` and `cube` are
    scratch space."""
    np.maximum(u, np.float32(KNEE * _F), out=cubic)
    np.multiply(cubic, cubic, out=cube)
    cube *= cubic
    u -= cubic
    u *= np.float32(SLOPE * _LIGHT / _F)
    u += cube


def _excess(luminance: Plane, distances: list[Plane], above: Plane, below: Plane, room: Plane) -> Plane:
    """−1 / t, with t as in `gamut`: −1 where the color fits, less where it is too far from the neutral. From Y and the
    distances from it; the rest is scratch space."""
    red, green, blue = distances
    np.maximum(red, green, out=above)
    np.maximum(above, blue, out=above)
    np.minimum(red, green, out=below)
    np.minimum(below, blue, out=below)
    np.subtract(luminance, np.float32(_LIGHT), out=room)
    np.minimum(room, np.float32(-_TINY), out=room)
    above /= room
    np.maximum(luminance, np.float32(_TINY), out=room)
    below /= room
    np.minimum(above, below, out=below)
    np.minimum(below, np.float32(-1), out=below)
    return below
