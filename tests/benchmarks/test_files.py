"""`photochrom colorize` end to end, from the start of the process to the finished file: seconds and peak memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from .conftest import ENVIRONMENT
from .processes import COLORIZE, Cost, cost_of, scans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")

SLOWER_PER_PIXEL = 1.6
"""Time must not grow faster than the pixels; this leaves room for what else the machine does."""
MOST_BYTES_AT_100 = 1.5e9


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    return scans(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def cost(scan) -> Callable[[int], Cost]:
    """What it costs to colorize it, measured once."""

    @cache
    def measure(megapixels: int) -> Cost:
        source = scan(megapixels)
        words = ("colorize", source, "-o", source.with_name(f"{megapixels}-color.jpg"))
        return cost_of(sys.executable, COLORIZE, *words, folder=source.parent, environment=ENVIRONMENT)

    return measure


@pytest.mark.parametrize("megapixels", [1, 12, 24, 100])
def test_a_file_of_megapixels(benchmark, note, scan, cost, megapixels):
    scan(megapixels)
    found = benchmark.pedantic(cost, args=(megapixels,))
    note(seconds=found.seconds, seconds_per_megapixel=found.seconds / megapixels, peak_MB=found.peak / 1e6)
    if megapixels == 100:
        growth = found.seconds / 100 / (cost(12).seconds / 12)
        note(seconds_per_pixel_against_12_MP=growth)
        assert growth <= SLOWER_PER_PIXEL
        assert found.peak <= MOST_BYTES_AT_100
