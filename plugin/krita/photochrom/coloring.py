"""From a layer's pixels to those of its colors, in steps of a `task.Task`. Knows nothing of Krita."""

from array import array

from .engine_job import Done, EngineJob, Planes, Progress, coloring
from .gray_table import KIND, GrayTable
from .photochrom_client import Job, Strip
from .photochrom_client import translated as _
from .pixels import SRGB
from .task import POLL

BAND = 1 << 16
"""Pixels that Krita converts in one step: some 25 ms of the windows' time."""

STRIP = 1 << 19
"""Pixels of a strip that needs no conversion: few strips fit into the queue between two looks at it, so small ones
would wait there."""

FORMS = {"U8": "rgb8", "U16": "rgb16"}
SAMPLES = {"rgb8": "B", "rgb16": "H"}

PIXEL = 16
"""Bytes of one "CIE Lab alpha float" pixel."""

OPAQUE = b"\0\0\x80\x3f"
"""1.0 as little-endian float32."""


class Empty(Exception):
    """All of the layer is transparent."""


def rows_of_band(width):
    return max(1, BAND // width)


def planes_of(pixels, converter, show):
    """Steps; returns L* and alpha, each a list of bytes (float32), row after row. Calls `show(fraction)`."""
    width, height = pixels.rectangle[2:]
    rows = rows_of_band(width)
    by_table = pixels.space.model in {"GRAYA", "RGBA"} and pixels.space.depth in KIND
    table = GrayTable(pixels.space, converter) if by_table else None
    lightness, alpha = [], []
    for first in range(0, height, rows):
        count = min(rows, height - first)
        data = pixels.rows(first, count)
        planes = table.planes(data) if table is not None else None
        if planes is None:
            lab = memoryview(converter.to_lab(data, pixels.space, width, count)).cast("f")
            planes = lab[0::4].tobytes(), lab[3::4].tobytes()
        lightness.append(planes[0])
        alpha.append(planes[1])
        show((first + count) / height)
        yield 0
    return lightness, alpha


def form_of(space, converter):
    """The form of the engine's pixels that costs least, and the ICC profile in whose space they are to be, None for
    sRGB: samples need no conversion by Krita."""
    if space.model == "RGBA" and space.depth in FORMS:
        profile = None if space.profile == SRGB else converter.rgb_profile(space)
        if profile is not None or space.profile == SRGB:
            return FORMS[space.depth], profile
    return "lab", converter.gamut(space)


def blue_first(data, form):
    """The engine's samples (R, G, B, alpha) in Krita's order."""
    samples = array(SAMPLES[form], data)
    samples[0::4], samples[2::4] = samples[2::4], samples[0::4]
    return samples.tobytes()


def colored(pixels, converter, space, guidance, wishes, plugin_folder, show):
    """Steps; returns for each wish (options for the engine) the client's `Job` and bands (first row, rows, bytes in
    `space`).

    `show(fraction, message)` is called on the way. Raises `EngineError`, `Empty`.
    """
    width, height = pixels.rectangle[2:]
    rows = rows_of_band(width)
    lightness, alpha = yield from planes_of(pixels, converter, lambda part: show(0.2 * part, _("Reading the layer")))
    if not any(map(any, alpha)):
        raise Empty
    opaque = all(band == OPAQUE * (len(band) // 4) for band in alpha)
    form, profile = form_of(space, converter)
    planes = Planes(width, height, lightness, None if opaque else alpha, profile)
    strip = rows if form == "lab" else max(rows, STRIP // width)
    results, bands = [], []
    for message in messages(EngineJob(plugin_folder, planes, guidance, coloring(wishes, strip, form)), show):
        match message:
            case None:
                yield POLL
            case Strip(y, count, data, "lab"):
                for first in range(0, count, rows):
                    part = min(rows, count - first)
                    lab = data[first * width * PIXEL : (first + part) * width * PIXEL]
                    bands.append((y + first, part, converter.from_lab(lab, space, width, part)))
                    yield 0
            case Strip(y, count, data, form):
                bands.append((y, count, blue_first(data, form)))
                yield 0
            case Job():
                results.append((message, bands))
                bands = []
    return results


def messages(job, show):
    """The messages of an `EngineJob` up to `Done`, None while there is none; progress is shown instead. Closing the
    iterator stops the job."""
    try:
        while True:
            match message := job.next_message():
                case Progress(fraction, text):
                    show(0.2 + 0.8 * fraction, text)
                    continue
            yield message
            if isinstance(message, Done):
                return
    finally:
        job.stop()
