"""`photochrom colorize` end to end, from the start of the process to the finished file: seconds and peak memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import pytest
import pyvips

from .conftest import ENVIRONMENT, PHOTOGRAPH

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")

SLOWER_PER_PIXEL = 1.6
"""Time must not grow faster than the pixels; this leaves room for what else the machine does."""
MOST_BYTES_AT_100 = 1.5e9

# A child's ru_maxrss begins with the size of the process that started it, so the process itself says its peak.
COLORIZE = """
import atexit, shutil, sys
atexit.register(shutil.copyfile, "/proc/self/status", sys.argv.pop(1))
from photochrom.cli import main
main()
"""


@dataclass(frozen=True)
class Cost:
    seconds: float
    peak: int


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A gray JPEG of so many megapixels, made once."""
    folder = tmp_path_factory.mktemp("files")

    @cache
    def enlarge(megapixels: int) -> Path:
        photograph = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")
        path = folder / f"{megapixels}.jpg"
        scale = sqrt(megapixels * 1e6 / (photograph.width * photograph.height))
        photograph.resize(scale, kernel="cubic").write_to_file(str(path), Q=92)
        return path

    return enlarge


@pytest.fixture(scope="module")
def cost(scan) -> Callable[[int], Cost]:
    """What it costs to colorize it, measured once."""

    @cache
    def measure(megapixels: int) -> Cost:
        source = scan(megapixels)
        status = source.with_name("status")
        words = ["colorize", source, "-o", source.with_name(f"{megapixels}-color.jpg")]
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", COLORIZE, status, *words], env=ENVIRONMENT, check=True)
        seconds = time.perf_counter() - began
        (peak,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return Cost(seconds, int(peak) * 1024)

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
