"""Histograms as inline SVG: one score with its candidates overlaid, colors from the page's CSS."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from photochrom.evaluation.bootstrap import Values

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 10, 26
MOST_BINS = 30


def histogram(title: str, values: Mapping[str, Values]) -> str:
    """A `<figure>` with the distribution of each named series, (n,) each, in common bins.

    The first series has the page's accent color, the second its gray.
    """
    edges = bin_edges(np.concatenate(list(values.values())))
    counts = {name: np.histogram(series, edges)[0] for name, series in values.items()}
    tallest = max(1, *(int(count.max()) for count in counts.values()))

    def x(value: float) -> float:
        return LEFT + float((value - edges[0]) / (edges[-1] - edges[0])) * (WIDTH - LEFT - RIGHT)

    def y(count: float) -> float:
        return HEIGHT - BOTTOM - float(count) / tallest * (HEIGHT - TOP - BOTTOM)

    parts = []
    for tick in _ticks(0, tallest, 3):
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
            f'<text x="{LEFT - 5}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    for tick in _ticks(float(edges[0]), float(edges[-1]), 5):
        parts.append(f'<text x="{x(tick):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{tick:g}</text>')
    # The reference is drawn first, so that it never hides the colorizer.
    for number, count in reversed(list(enumerate(counts.values()))):
        outline = [f"M{x(edges[0]):.1f},{y(0):.1f}"]
        for index, bar in enumerate(count):
            outline.append(f"V{y(bar):.1f}H{x(edges[index + 1]):.1f}")
        parts.append(f'<path class="series{number}" d="{"".join(outline)}V{y(0):.1f}Z"/>')
    legend = "".join(
        f'<span class="key series{number}"><i></i>{escape(name)}</span>' for number, name in enumerate(counts)
    )
    return (
        f'<figure class="chart"><figcaption>{escape(title)} {legend}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Histogram of {escape(title)}">'
        f"{''.join(parts)}</svg></figure>"
    )


def bin_edges(values: Values) -> Values:
    """Edges of at most MOST_BINS equal bins at round numbers that hold all values."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    width = _round_step((high - low) / min(MOST_BINS - 1, max(5, int(np.sqrt(values.size) * 1.5))))
    start, stop = np.floor(low / width), np.floor(high / width) + 1
    return np.asarray(np.arange(start, stop + 0.5) * width)


def _ticks(low: float, high: float, wanted: int) -> list[float]:
    step = _round_step((high - low) / wanted)
    return [float(tick * step) for tick in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _round_step(step: float) -> float:
    """The next of 1, 2, 5, 10, 20 … (or their tenths, hundredths …) that is no smaller."""
    decade = 10.0 ** np.floor(np.log10(step))
    return float(next(factor for factor in (1, 2, 5, 10) if factor * decade >= step * (1 - 1e-9)) * decade)
