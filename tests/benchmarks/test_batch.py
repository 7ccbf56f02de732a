"""`photochrom batch` beside `photochrom colorize` over the same list, and beside the way of DDColor's scripts: one by
one, the whole picture at once, with a network of DDColor-tiny's size in random weights.

PHOTOCHROM_BATCH_COUNT says over how many photographs of 12 MP, 24 without it; of DDColor's way, a few are timed. All
figures are of whole processes, start and end included, so that more photographs make the batch look better.
PHOTOCHROM_LARGE_COUNT says how many of 100 MP, 21 without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from math import sqrt
from pathlib import Path

import pytest
import pyvips
from memory import peak_of

from .conftest import ENVIRONMENT, PHOTOGRAPH
from .processes import COLORIZE, Cost, cost_of
from .test_releases import SCRIPTS, opencv

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

COUNT = int(os.environ.get("PHOTOCHROM_BATCH_COUNT", "24"))
FEW = 3
CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
MOST_BYTES = 1e9
LARGE = int(os.environ.get("PHOTOCHROM_LARGE_COUNT", "21"))
"""Photographs of 100 MP, a third each: gray JPEG, RGB TIFF, gray TIFF of 16 bits in strips."""


def scan(path: Path, megapixels: int, seed: int) -> Path:
    """A gray JPEG with grain, as scans have."""
    enlarged(megapixels, seed).cast("uchar").copy(interpretation="b-w").write_to_file(str(path), Q=92)
    return path


def enlarged(megapixels: int, seed: int) -> pyvips.Image:
    """A photograph in gray, 0…255, with grain."""
    photograph = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0]
    scale = sqrt(megapixels * 1e6 / (photograph.width * photograph.height))
    large = photograph.resize(scale, kernel="cubic")
    return large + pyvips.Image.gaussnoise(large.width, large.height, sigma=5, mean=0, seed=seed)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photographs: six different ones, again and again."""
    folder = tmp_path_factory.mktemp("batch")
    for number in range(COUNT):
        path = folder / f"{number:03}.jpg"
        if number < 6:
            scan(path, 12, number)
        else:
            path.hardlink_to(folder / f"{number % 6:03}.jpg")
    return folder


def test_beside_colorize(benchmark, compare, note, box, tmp_path):
    def measure() -> tuple[Cost, Cost]:
        single, together = tmp_path / "single", tmp_path / "together"
        for folder in (single, together):
            shutil.rmtree(folder, ignore_errors=True)
        single.mkdir()
        words = ("colorize", *sorted(box.iterdir()), "-o", single)
        one_by_one = cost_of(sys.executable, COLORIZE, *words, folder=tmp_path, environment=ENVIRONMENT)
        batch = cost_of(
            sys.executable, COLORIZE, "batch", box, "-o", together, folder=tmp_path, environment=ENVIRONMENT
        )
        assert len(list(single.glob("*.jpg"))) == len(list(together.glob("*.jpg"))) == COUNT
        return one_by_one, batch

    one_by_one, batch = benchmark.pedantic(measure)
    row = compare(f"{COUNT} × 12 MP beside colorize", one_by_one.seconds, batch.seconds, "s", "≥ 1.6")
    compare(f"{COUNT} × 12 MP beside colorize, processor", one_by_one.processor, batch.processor, "s")
    note(a_minute=60 * COUNT / batch.seconds, cores_busy=batch.processor / batch.seconds / CORES)
    assert row.ratio > 1


def test_beside_the_way_of_ddcolor(benchmark, compare, box, tmp_path):
    pytest.importorskip("torch")
    theirs = ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], *opencv()])}
    code = (SCRIPTS / "ddcolor_way.py").read_text()
    pairs = [each for path in sorted(box.iterdir())[:FEW] for each in (path, tmp_path / path.name)]

    def measure() -> tuple[Cost, Cost]:
        ddcolor = cost_of(sys.executable, code, *pairs, folder=tmp_path, environment=theirs)
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        batch = cost_of(sys.executable, COLORIZE, "batch", box, "-o", out, folder=tmp_path, environment=ENVIRONMENT)
        return ddcolor, batch

    ddcolor, batch = benchmark.pedantic(measure)
    name = "a photograph of 12 MP beside DDColor-tiny's way"
    row = compare(name, ddcolor.seconds / FEW, batch.seconds / COUNT, "s", "≥ 6")
    compare(f"{name}, processor", ddcolor.processor / FEW, batch.processor / COUNT, "s")
    assert row.ratio > 1


def test_photographs_of_100_megapixels(benchmark, note, tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    gray = enlarged(100, 0)
    sepia = (gray * [1.0, 0.9, 0.7]).cast("uchar").copy(interpretation="srgb")
    deep = (gray * 256).cast("ushort").copy(interpretation="grey16")
    first = [scan(box / "0.jpg", 100, 0), box / "1.tif", box / "2.tiff"]
    sepia.write_to_file(str(first[1]), compression="lzw", predictor="horizontal")
    deep.write_to_file(str(first[2]))
    for number in range(3, LARGE):
        (box / f"{number}{first[number % 3].suffix}").hardlink_to(first[number % 3])

    def measure() -> int:
        command = [sys.executable, "-m", "photochrom", "batch", box, "-o", tmp_path / "out"]
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        peak = peak_of(process)
        assert process.returncode == 0
        return peak

    peak = benchmark.pedantic(measure)
    note(photographs=LARGE, peak_MB=peak / 1e6)
    assert peak < MOST_BYTES
