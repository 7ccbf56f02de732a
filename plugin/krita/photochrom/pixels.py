"""Pixels of layers and pictures, and their conversion by Krita. Lab is CIE L*a*b* D50 here as in the engine: it is what
Krita's LABA in F32 means (L 0…100).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from krita import Krita

from .errors import EMPTY, Unsuitable
from .icc import PRIMARIES, matrix_profile, profile_of
from .photochrom_client import translated as _
from .qt import QtCore, QtGui

if TYPE_CHECKING:
    from krita import Document, Node

SRGB = "sRGB-elle-V2-srgbtrc.icc"
LINEAR_SRGB = "sRGB-elle-V2-g10.icc"

ACROSS = 1024
"""Width of the pixels that Krita converts: 16 tiles."""

KEPT = 1 << 20
"""Pixels that are converted in one document: their undo data takes some 30 MB then."""

CHANNELS = {"RGBA": 4, "GRAYA": 2, "LABA": 4, "XYZA": 4, "CMYKA": 5, "YCbCrA": 4}
SAMPLE = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
"""Bytes of one sample."""


class Space(NamedTuple):
    """How pixels are stored, in Krita's words."""

    model: str
    depth: str
    profile: str

    @property
    def pixel(self) -> int:
        """Bytes of one pixel."""
        return CHANNELS[self.model] * SAMPLE[self.depth]


class Rectangle(NamedTuple):
    x: int
    y: int
    width: int
    height: int


def bounds_of(node: Node) -> Rectangle:
    """Where a layer has pixels. Raises `Unsuitable` for an empty layer."""
    bounds = node.bounds()
    if bounds.isEmpty():
        raise Unsuitable(EMPTY)
    return Rectangle(bounds.x(), bounds.y(), bounds.width(), bounds.height())


def thumbnail(node: Node, width: int, height: int) -> QtGui.QImage:
    """A `QImage` of the layer in 8-bit sRGB, no larger than the given size. Raises `Unsuitable` for an empty layer."""
    bounds = bounds_of(node)
    scale = min(1.0, width / bounds.width, height / bounds.height)
    return node.thumbnail(max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale)))


class Pixels:
    """Pixels in `space`, a copy; `rectangle` is where they are in their document."""

    def __init__(self, data: QtCore.QByteArray, space: Space, rectangle: Rectangle):
        expect_bytes(data, space, rectangle.width * rectangle.height)
        self._data = data
        self.space = space
        self.rectangle = rectangle

    def rows(self, first: int, count: int) -> bytes:
        row = self.rectangle.width * self.space.pixel
        return self._data.mid(first * row, count * row).data()


def pixels_of(node: Node) -> Pixels:
    """A layer's pixels, with its masks applied. Raises `Unsuitable` for an empty layer."""
    rectangle = bounds_of(node)
    return Pixels(node.projectionPixelData(*rectangle), space_of(node), rectangle)


def alpha_of(node: Node, rectangle: Rectangle) -> bytes:
    """The alpha of a layer without its masks, a byte a pixel."""
    space = space_of(node)
    data = node.pixelData(*rectangle).data()
    if space.depth.startswith("U"):
        return data[space.pixel - 1 :: space.pixel]  # the high byte of a sample is its last
    last = struct.iter_unpack(f"<{space.pixel - SAMPLE[space.depth]}x{'f' if space.depth == 'F32' else 'e'}", data)
    return bytes(min(255, max(0, round(255 * alpha))) for (alpha,) in last)


def pixels_of_picture(picture: QtGui.QImage) -> Pixels:
    """Those of a `QImage`, in the channel order of Krita's 8-bit sRGB."""
    picture = picture.convertToFormat(QtGui.QImage.Format.Format_ARGB32)
    data = picture.constBits()
    data.setsize(4 * picture.width() * picture.height())
    rectangle = Rectangle(0, 0, picture.width(), picture.height())
    return Pixels(QtCore.QByteArray(data.asstring()), Space("RGBA", "U8", SRGB), rectangle)


def grays(picture: QtGui.QImage) -> list[bytes]:
    """The rows of a `QImage` in 8-bit gray: Qt pads them."""
    bits = picture.constBits()
    bits.setsize(picture.bytesPerLine() * picture.height())
    data = bits.asstring()
    return [data[y * picture.bytesPerLine() :][: picture.width()] for y in range(picture.height())]


class Converter:
    """Lets Krita convert pixels between color spaces; a context manager.

    In a document of its own that is never shown: a conversion, of a detached layer too, is an undo step of the
    document that the layer was created for. It keeps the pixels of each until it is closed, so another one takes its
    place now and then.
    """

    def __init__(self):
        self._lab = lab_space("F32")

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, *_reason):
        self._close()

    def _open(self):
        self._converted = 0
        self._scratch = Krita.instance().createDocument(1, 1, "Photochrom", "RGBA", "U8", SRGB, 72.0)
        self._scratch.setBatchmode(True)

    def _close(self):
        self._scratch.setModified(False)
        self._scratch.close()

    def to_lab(self, data: bytes, space: Space, width: int, rows: int) -> bytes:
        """CIE Lab alpha float, 16 bytes a pixel."""
        return self.convert(data, space, self._lab, width, rows)

    def from_lab(self, data: bytes, space: Space, width: int, rows: int) -> bytes:
        """Pixels in `space`."""
        return self.convert(data, self._lab, space, width, rows)

    def gamut(self, space: Space) -> bytes | None:
        """The ICC profile of an RGB space; None for sRGB's gamut, which colors in Lab keep to, too."""
        profile = space.profile
        if space.model != "RGBA" or profile in {SRGB, LINEAR_SRGB}:
            return None
        return matrix_profile(self._labs(profile, PRIMARIES))

    def rgb_profile(self, space: Space) -> bytes | None:
        """An ICC profile that stands for that of an RGB space, curve and all; None where there is none that does."""
        found: bytes | None = profile_of(lambda samples: self._labs(space.profile, samples))
        return found

    def _labs(self, profile: str, samples: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
        """CIE L*a*b* of R, G, B."""
        data = _floats(*(value for each in samples for value in (*each, 1)))
        lab = memoryview(self.to_lab(data, Space("RGBA", "F32", profile), len(samples), 1)).cast("f")
        return [tuple(lab[at : at + 3]) for at in range(0, len(lab), 4)]

    def convert(self, data: bytes, source: Space, target: Space, width: int, rows: int) -> bytes:
        """Pixels in `source` as pixels in `target`."""
        count = width * rows
        expect_bytes(data, source, count)
        self._converted += count
        if self._converted > KEPT:
            self._close()
            self._open()
        # Krita converts whole tiles of 64 × 64 pixels: laid out in full ones, the same pixels cost a fraction.
        across = min(count, ACROSS)
        down = -(-count // across)
        node = self._scratch.createNode("", "paintlayer")
        set_space(node, source)
        node.setPixelData(data + bytes((across * down - count) * source.pixel), 0, 0, across, down)
        set_space(node, target)
        converted = node.pixelData(0, 0, across, down)
        expect_bytes(converted, target, across * down)
        return converted.data()[: count * target.pixel]


class Foreign(NamedTuple):
    """An empty detached layer that was created for another document."""

    layer: Node
    scratch: Document


@contextmanager
def foreign_layer(space: Space) -> Iterator[Foreign]:
    """One in `space`, whose document is closed at the end."""
    scratch = Krita.instance().createDocument(1, 1, "Photochrom", *space, 72.0)
    try:
        scratch.setBatchmode(True)
        yield Foreign(scratch.createNode("", "paintlayer"), scratch)
    finally:
        scratch.setModified(False)
        scratch.close()


def ab_of(rgb: tuple[float, ...]) -> tuple[float, float]:
    """CIE a*, b* D50 of a color in sRGB, 0…1 each."""
    with Converter() as converter:
        pixel = _floats(*rgb, 1)
        _, a, b, _ = memoryview(converter.to_lab(pixel, Space("RGBA", "F32", SRGB), 1, 1)).cast("f")
    return a, b


def lab_space(depth: str) -> Space:
    """CIE L*a*b* D50."""
    return Space("LABA", depth, Krita.instance().profiles("LABA", depth)[0])


def space_of(holder: Document | Node) -> Space:
    return Space(holder.colorModel(), holder.colorDepth(), holder.colorProfile())


def set_space(node: Node, space: Space) -> None:
    """Converts a detached layer. Raises `Unsuitable`."""
    before = space_of(node)
    if before == space:
        return
    node.setColorSpace(*space)
    if space_of(node) != space:
        raise Unsuitable(
            _("Krita could not convert from {before} to {after}. The document is as it was.").format(
                before=before.profile, after=space.profile
            )
        )


def expect_bytes(data: QtCore.QByteArray | bytes, space: Space, pixels: int) -> None:
    """Raises `Unsuitable` for a wrong length: Krita reads past the end of data that is too short."""
    if len(data) != pixels * space.pixel:
        raise Unsuitable(
            _(
                "Krita gave {count} bytes of pixels instead of {expected}. The document is as it was. "
                "Save it, reopen it and try again."
            ).format(count=len(data), expected=pixels * space.pixel)
        )


def _floats(*values: float) -> bytes:
    return struct.pack(f"{len(values)}f", *values)
