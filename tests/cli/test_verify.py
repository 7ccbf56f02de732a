"""`photochrom verify` as people and scripts meet it."""

import json
from pathlib import Path

import pytest
import pyvips

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture
def pair(run, tmp_path):
    """A scan and its color version."""
    scan = tmp_path / "scan.png"
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(0.25).write_to_file(str(scan))
    run("colorize", scan, "-o", tmp_path / "color.png")
    return scan, tmp_path / "color.png"


def test_tones_that_agree(run, pair):
    scan, color = pair
    done = run("verify", color, "--scan", scan)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{color}: the tones are those of {scan} (pixels differ by 0.")


def test_tones_that_do_not(run, pair, tmp_path):
    scan, _ = pair
    pyvips.Image.new_from_file(str(scan)).fliphor().write_to_file(str(tmp_path / "flipped.png"))
    done = run("verify", tmp_path / "flipped.png", "--scan", scan)
    assert done.code == 1
    assert "are not those of" in done.out
    said = json.loads(run("verify", tmp_path / "flipped.png", "--scan", scan, "--json").out)
    assert (said["agrees"], len(said["box"])) == (False, 4)
