"""Files that libvips reads by reads: what a map would give, errors where a map would end the process."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from checkout import PYTHONPATH
from photochrom.image import file_source

LOADERS = {".jpg": "jpegload", ".png": "pngload", ".tif": "tiffload", ".webp": "webpload"}

SHRINKING = """
import os, sys
import pyvips
from photochrom.image.picture import open_picture
lightness = open_picture(sys.argv[1]).lightness()
region = pyvips.Region.new(lightness)
region.fetch(0, 0, lightness.width, 16)
os.truncate(sys.argv[1], 20_000)
try:
    for top in range(16, lightness.height - 16, 16):
        region.fetch(0, top, lightness.width, 16)
except pyvips.Error:
    print("an error")
"""


@pytest.fixture(params=list(LOADERS))
def file(request, tmp_path, rng):
    path = tmp_path / f"größe{request.param}"
    samples = rng.integers(0, 255, (2500, 2500), dtype=np.uint8)
    pyvips.Image.new_from_array(samples).write_to_file(str(path))
    return path


@pytest.mark.parametrize("access", ["sequential", "random"])
def test_it_is_the_picture_that_libvips_reads_itself(file, access):
    loader = LOADERS[file.suffix]
    found = file_source.load(f"{loader}_source", file, access=access)
    assert np.array_equal(found.numpy(), pyvips.Image.new_from_file(str(file)).numpy())


def test_patches_change_what_is_read_alone(tmp_path, rng):
    path = tmp_path / "plain.tif"
    samples = rng.integers(0, 255, (1000, 3000), dtype=np.uint8)
    pyvips.Image.new_from_array(samples).write_to_file(str(path), compression="none")
    before = path.read_bytes()
    places = [before.index(samples[row].tobytes()) for row in (0, 600, 999)]
    patches = {places[0] + 5: b"\x07\x08", places[1]: b"\x09", places[2] + 2999: b"\x01"}
    image = file_source.load("tiffload_source", path, patches)
    samples[0, 5:7], samples[600, 0], samples[999, 2999] = (7, 8), 9, 1
    assert np.array_equal(image.numpy(), samples)
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="a file in use cannot be shortened there")
@pytest.mark.parametrize("file", [".jpg", ".tif", ".png"], indirect=True)
def test_a_file_that_shrinks_while_it_is_read_is_an_error(file: Path):
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    command = [sys.executable, "-c", SHRINKING, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "an error\n"), done.stderr[-500:]


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="only Linux counts what a process reads")
@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((3, 2000, 1500), {"planarconfig": "separate", "rowsperstrip": 4}),
        ((2000, 1500, 3), {"tile": (64, 64)}),
        ((2000, 1500, 3), {"rowsperstrip": 2000}),
    ],
    ids=["planes", "tiles", "one strip"],
)
def test_hardly_more_is_read_than_the_file_holds(tmp_path, rng, shape, options):
    path = tmp_path / "jumps.tif"
    tifffile.imwrite(path, rng.integers(0, 255, shape, dtype=np.uint8), photometric="rgb", **options)
    before = _bytes_read()
    file_source.load("tiffload_source", path, access="sequential").avg()
    assert _bytes_read() - before < 3.5 * path.stat().st_size


def _bytes_read() -> int:
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counts["rchar"])


def test_a_strip_of_any_size_passes_in_parts(tmp_path, rng):
    path = tmp_path / "one strip.tif"
    tifffile.imwrite(path, rng.integers(0, 255, (3000, 4000), dtype=np.uint8), rowsperstrip=3000, compression="zlib")
    image = file_source.load("tiffload_source", path, access="sequential")
    tracemalloc.start()
    try:
        image.avg()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
