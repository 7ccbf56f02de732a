"""The embedded colorizer: seconds to load it, and to choose the colours of one proxy."""

from __future__ import annotations

import pytest
from photochrom import colorizers, pipeline
from photochrom.image.picture import open_picture

from .conftest import PHOTOGRAPH

OWN = "own"


@pytest.mark.parametrize("side", [256, OWN])
def test_colours_of_a_proxy(benchmark, note, side):
    colorizer = colorizers.load("lite")
    short = colorizer.proxy_side if side == OWN else side
    proxy = pipeline.reduce(open_picture(PHOTOGRAPH).lightness(), short)
    benchmark.pedantic(colorizer.predict, args=(proxy,), rounds=20, warmup_rounds=3)
    note(proxy=f"{proxy.shape[1]} × {proxy.shape[0]}", median_ms=benchmark.stats.stats.median * 1e3)


def test_loading(benchmark, note):
    import openvino  # noqa: F401  # its own import is not the model's

    benchmark.pedantic(colorizers.load, args=("lite",), setup=colorizers.unload, rounds=5)
    note(median_ms=benchmark.stats.stats.median * 1e3)
