"""From a layer's pixels to those of its colors, in steps for `steps.Steps`. Knows nothing of Krita."""

from .errand import Errand, Planes, colors
from .photochrom_client import translated as _

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
    width, height = pixels.rectangle[2:]
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


def colored(pixels, converter, space, beside, wishes, plugin_folder, show):
    """Yields as `Steps` wants; returns for each wish the client's `Job` and bands (first row, rows, bytes in `space`).

    `beside` is what is heeded beside the photograph, as `Errand` wants it; `show(fraction, message)` is called on the
    way. Raises `EngineError`, `Empty`.
    """
    width, height = pixels.rectangle[2:]
    rows = rows_of_band(width)
    lightness, alpha = yield from planes_of(pixels, converter, lambda part: show(0.2 * part, _("Reading the layer")))
    if not any(map(any, alpha)):
        raise Empty
    opaque = all(band == OPAQUE * (len(band) // 4) for band in alpha)
    planes = Planes(width, height, lightness, None if opaque else alpha, converter.gamut(space.profile))
    found, bands = [], []
    for said in fetched(Errand(plugin_folder, planes, beside, colors(wishes, rows)), show):
        if said is None:
            yield LOOK
        elif "strip" in said:
            strip = said["strip"]
            bands.append((strip.y, strip.rows, converter.from_lab(strip.data, space, width, strip.rows)))
            yield 0
        elif "job" in said:
            found.append((said["job"], bands))
            bands = []
    return found


def fetched(errand, show):
    """Yields what is heard of an errand but its progress, which is shown: None while there is nothing, {"done": …} at
    the end. Ends the errand when it is closed before."""
    try:
        while True:
            said = errand.heard()
            if said is not None and "fraction" in said:
                show(0.2 + 0.8 * said["fraction"], said["message"])
                continue
            yield said
            if said is not None and "done" in said:
                return
    finally:
        errand.stop()
