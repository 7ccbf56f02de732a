"""From a layer of hints to new colors at proxy size: what a person waits for after a stroke."""

from __future__ import annotations

import numpy as np
import pytest
from photochrom import colorizers
from photochrom.guidance.hints import from_paint
from photochrom.guidance.levin2004 import propagate
from photochrom.image.picture import open_picture
from photochrom.sampling.proxy import Proxy

from .conftest import PHOTOGRAPH


@pytest.fixture(scope="module")
def proxy():
    found = Proxy(open_picture(PHOTOGRAPH).lightness())
    found.at(colorizers.load("lite").card.proxy_side)
    return found


@pytest.fixture(scope="module")
def painted(proxy):
    """Ten dabs on a layer of the guide's size, as a host sends it."""
    height, width = proxy.guide.shape
    layer = np.zeros((height, width, 4), np.float32)
    random = np.random.default_rng(1907)
    for _ in range(10):
        row, column = random.integers(0, height - 12), random.integers(0, width - 12)
        layer[row : row + 12, column : column + 12] = 50, *random.uniform(-40, 40, 2), 1
    return layer


def test_hints_to_colors(benchmark, note, proxy, painted):
    colorizer = colorizers.load("lite")
    lightness = proxy.at(colorizer.card.proxy_side)

    def after_a_stroke():
        return colorizer.predict(lightness, from_paint(painted, *lightness.shape))

    benchmark.pedantic(after_a_stroke, rounds=20, warmup_rounds=3)
    note(proxy=f"{lightness.shape[1]} × {lightness.shape[0]}", median_ms=benchmark.stats.stats.median * 1e3)


def test_reading_the_paint(benchmark, note, proxy, painted):
    benchmark.pedantic(from_paint, args=(painted, *proxy.at(160).shape), rounds=20, warmup_rounds=3)
    note(paint=f"{painted.shape[1]} × {painted.shape[0]}", median_ms=benchmark.stats.stats.median * 1e3)


@pytest.mark.parametrize("over", ["an answer", "nothing"])
def test_propagating(benchmark, note, proxy, painted, over):
    colorizer = colorizers.load("lite")
    lightness = proxy.at(colorizer.card.proxy_side)
    start = colorizer.predict(lightness).ab if over == "an answer" else None
    hints = from_paint(painted, *lightness.shape)
    benchmark.pedantic(propagate, args=(lightness, hints, start), rounds=10, warmup_rounds=1)
    note(over=over, median_ms=benchmark.stats.stats.median * 1e3)
