"""From a layer's pixels to those of its colors, in steps of a `task.Task`. Knows nothing of Krita."""

from .engine_job import Done, EngineJob, Planes, Progress, coloring
from .photochrom_client import Job, Strip
from .photochrom_client import translated as _
from .task import POLL

BAND = 1 << 16
"""Pixels that Krita converts in one step: some 25 ms of the windows' time."""

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
    lightness, alpha = [], []
    for first in range(0, height, rows):
        count = min(rows, height - first)
        lab = memoryview(converter.to_lab(pixels.rows(first, count), pixels.space, width, count)).cast("f")
        lightness.append(lab[0::4].tobytes())
        alpha.append(lab[3::4].tobytes())
        show((first + count) / height)
        yield 0
    return lightness, alpha


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
    planes = Planes(width, height, lightness, None if opaque else alpha, converter.gamut(space.profile))
    results, bands = [], []
    for message in messages(EngineJob(plugin_folder, planes, guidance, coloring(wishes, rows)), show):
        match message:
            case None:
                yield POLL
            case Strip(y, count, data):
                bands.append((y, count, converter.from_lab(data, space, width, count)))
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
