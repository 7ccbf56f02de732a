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

FORMS = {"U8": "rgb8", "U16": "rgb16"}
SAMPLES = {"rgb8": "B", "rgb16": "H"}

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
    by_table = pixels.space.model == "GRAYA" and pixels.space.depth in KIND
    table = GrayTable(pixels.space, converter) if by_table else None
    lightness, alpha = [], []
    for first in range(0, height, rows):
        count = min(rows, height - first)
        data = pixels.rows(first, count)
        if table is not None:
            planes = table.planes(data)
        else:
            lab = memoryview(converter.to_lab(data, pixels.space, width, count)).cast("f")
            planes = lab[0::4].tobytes(), lab[3::4].tobytes()
        lightness.append(planes[0])
        alpha.append(planes[1])
        show((first + count) / height)
        yield 0
    return lightness, alpha


def form_of(space):
    """The form of the engine's pixels that costs least: samples in sRGB need no conversion by Krita."""
    return FORMS.get(space.depth, "lab") if space.model == "RGBA" and space.profile == SRGB else "lab"


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
    planes = Planes(width, height, lightness, None if opaque else alpha, converter.gamut(space))
    results, bands = [], []
    for message in messages(EngineJob(plugin_folder, planes, guidance, coloring(wishes, rows, form_of(space))), show):
        match message:
            case None:
                yield POLL
            case Strip(y, count, data, "lab"):
                bands.append((y, count, converter.from_lab(data, space, width, count)))
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
