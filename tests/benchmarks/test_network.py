"""The embedded colorizer: seconds to load it, and to choose the colors of one proxy."""

from __future__ import annotations

import pytest
from photochrom import colorizers, pipeline
from photochrom.image.picture import open_picture
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy, reduce

from .conftest import PHOTOGRAPH

OWN = "own"


@pytest.mark.parametrize("side", [256, OWN])
def test_colors_of_a_proxy(benchmark, note, side):
    colorizer = colorizers.load("lite")
    short = colorizer.card.proxy_side if side == OWN else side
    proxy = reduce(open_picture(PHOTOGRAPH).lightness(), short)
    benchmark.pedantic(colorizer.predict, args=(proxy,), rounds=20, warmup_rounds=3)
    note(proxy=f"{proxy.shape[1]} × {proxy.shape[0]}", median_ms=benchmark.stats.stats.median * 1e3)


def test_routing(benchmark, note):
    proxy = Proxy(open_picture(PHOTOGRAPH).lightness())
    benchmark.pedantic(pipeline.route, args=(proxy,), rounds=20, warmup_rounds=3)
    note(median_ms=benchmark.stats.stats.median * 1e3)


def test_automatic_colors(benchmark, note):
    """All that `auto` takes, from the photograph's lightness on."""
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    benchmark.pedantic(lambda: pipeline.predict(Proxy(lightness), Options()), rounds=10, warmup_rounds=2)
    note(median_ms=benchmark.stats.stats.median * 1e3)


def test_loading(benchmark, note):
    import photochrom.runtime.inference  # noqa: F401  # OpenVINO's import is not the model's

    benchmark.pedantic(colorizers.load, args=("lite",), setup=LOADED.clear, rounds=5)
    note(median_ms=benchmark.stats.stats.median * 1e3)
