"""Memory stays bounded, however many and however large the photographs are."""

import os
import subprocess
import sys

import pytest
import pyvips
from checkout import PYTHONPATH
from memory import peak_of

from .conftest import PHOTOGRAPH

LIMIT = 1e9
"""Bytes of all processes together; the pictures, decoded, have 1.35 GB."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_large_photographs_within_a_limit(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    gray = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(8)
    large = gray.bandjoin([gray, gray]).copy(interpretation="srgb")  # 50 MP in RGB, as scanners write gray
    large.write_to_file(str(box / "0.jpg"))
    for number in range(1, 9):
        (box / f"{number}.jpg").hardlink_to(box / "0.jpg")
    command = [sys.executable, "-m", "photochrom", "batch", box, "-o", tmp_path / "out", "--jobs", "3"]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PYTHONPATH}, stdout=subprocess.DEVNULL)
    peak = peak_of(process)
    assert process.returncode == 0
    assert len(list((tmp_path / "out").glob("*.jpg"))) == 9
    assert 200e6 < peak < LIMIT
