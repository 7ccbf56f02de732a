"""From a layer's pixels to those of its colours, in steps for `steps.Steps`. Knows nothing of Krita."""

from .errand import Errand, Planes

BAND = 1 << 16
"""Pixels that Krita converts in one step: some 25 ms of the windows' time."""

OPAQUE = b"\0\0\x80\x3f"
"""1.0 as little-endian float32."""

LOOK = 0.03
"""Seconds between two looks at what the engine has sent."""


class Empty(Exception):
    """All of the layer is transparent."""


def rows_of_band(width):
    return max(1, BAND // width)


def planes_of(pixels, converter, show):
    """Yields as `Steps` wants; returns L* and alpha, each a list of bytes (float32), row after row."""
    _, _, width, height = pixels.rectangle
    rows = rows_of_band(width)
    lightness, alpha = [], []
    for first in range(0, height, rows):
        count = min(rows, height - first)
        lab = memoryview(converter.to_lab(pixels.rows(first, count), pixels.space, width, count)).cast("f")
        lightness.append(lab[0::4].tobytes())
        alpha.append(lab[3::4].tobytes())
        show((first + count) / height)
        yield 0
    return lightness, alpha


def coloured(pixels, converter, space, options, plugin_folder, show):
    """Yields as `Steps` wants; returns the colorizer's name and bands (first row, rows, bytes in `space`).

    `show(fraction, message)` is called on the way. Raises `EngineError`, `Empty`.
    """
    _, _, width, height = pixels.rectangle
    rows = rows_of_band(width)
    lightness, alpha = yield from planes_of(pixels, converter, lambda part: show(0.2 * part, "Reading the layer"))
    if not any(map(any, alpha)):
        raise Empty
    opaque = all(band == OPAQUE * (len(band) // 4) for band in alpha)
    planes = Planes(width, height, lightness, None if opaque else alpha, converter.gamut(space.profile))
    errand = Errand(plugin_folder, planes, options, rows)
    bands = []
    try:
        while True:
            said = errand.heard()
            if said is None:
                yield LOOK
            elif "strip" in said:
                strip = said["strip"]
                bands.append((strip.y, strip.rows, converter.from_lab(strip.data, space, width, strip.rows)))
                yield 0
            elif "colorizer" in said:
                return said["colorizer"], bands
            else:
                show(0.2 + 0.8 * said["fraction"], said["message"])
    finally:
        errand.stop()
