"""The case of reading a layer by tables, where its pixels are gray, and by Krita's conversion."""

from array import array
from random import Random

from common import CHANNELS, FULL, GRAY, LINEAR, SRGB, TYPE
from photochrom.coloring import planes_of
from photochrom.pixels import Converter, Pixels, Rectangle, Space
from PyQt5.QtCore import QByteArray

WIDTH, HEIGHT = 1000, 150
"""Three bands for the plug-in."""

SPACES = (
    *(Space("RGBA", depth, profile) for depth in ("U8", "U16") for profile in (SRGB, LINEAR)),
    Space("RGBA", "U16", "Rec2020-elle-V4-g10.icc"),
    Space("GRAYA", "U16", GRAY),
    Space("GRAYA", "U8", GRAY),
)


class Counting(Converter):
    """Counts its conversions."""

    count = 0

    def to_lab(self, *given):
        self.count += 1
        return super().to_lab(*given)


def reading(_name):
    """By space: whether its planes are those of Krita's conversion, and how many conversions they took. One pixel in
    the middle band is a little red, where that is possible."""
    random, told = Random(1), {}
    for space in SPACES:
        channels, full = CHANNELS[space.model], FULL[space.depth]
        samples = array(TYPE[space.depth])
        for _pixel in range(WIDTH * HEIGHT):
            samples.extend((*[random.randint(0, full)] * (channels - 1), random.randint(0, full)))
        if channels == 4:
            samples[4 * WIDTH * HEIGHT // 2 + 2] ^= 1
        rectangle = Rectangle(0, 0, WIDTH, HEIGHT)
        with Counting() as converter:
            pixels = Pixels(QByteArray(samples.tobytes()), space, rectangle)
            found = yield from planes_of(pixels, converter, lambda _part: None)
            taken = converter.count
            lab = memoryview(converter.to_lab(samples.tobytes(), space, WIDTH, HEIGHT)).cast("f")
        same = [b"".join(bands) == lab[at::4].tobytes() for bands, at in zip(found, (0, 3), strict=True)]
        told[" ".join(space)] = [*same, len(found[0]), taken]
        yield 0.1
    return told


CASES = [("reading", reading)]
