"""`photochrom verify` as people and scripts meet it."""

import json
import zipfile
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


def test_a_layered_result(run, pair, tmp_path):
    scan, _ = pair
    run("colorize", scan, "--layered", "-o", tmp_path / "color.ora")
    done = run("verify", tmp_path / "color.ora", "--scan", scan)
    assert (done.code, done.err) == (0, "")
    merged, layer = done.out.splitlines()
    assert merged.startswith(f"{tmp_path / 'color.ora'}, the merged picture: the tones are those of {scan}")
    assert "the layer “Photograph”: the tones are those of" in layer
    assert "differ by 0.00" in layer


@pytest.mark.parametrize("member", ["mergedimage.png", "data/source.png"])
def test_a_layered_result_with_a_picture_replaced(run, pair, tmp_path, member):
    scan, _ = pair
    run("colorize", scan, "--layered", "-o", tmp_path / "color.ora")
    flipped = pyvips.Image.new_from_file(str(scan)).fliphor().pngsave_buffer()
    with zipfile.ZipFile(tmp_path / "color.ora") as old, zipfile.ZipFile(tmp_path / "other.ora", "w") as new:
        for name in old.namelist():
            new.writestr(name, flipped if name == member else old.read(name))
    done = run("verify", tmp_path / "other.ora", "--scan", scan, "--json")
    said = {each["part"]: each["agrees"] for each in map(json.loads, done.out.splitlines())}
    assert done.code == 1
    assert said == {
        "the merged picture": member != "mergedimage.png",
        "the layer “Photograph”": member != "data/source.png",
    }


def test_a_layered_result_that_is_damaged(run, pair, tmp_path):
    scan, _ = pair
    (tmp_path / "color.ora").write_bytes(b"no zip")
    done = run("verify", tmp_path / "color.ora", "--scan", scan)
    assert (done.code, "no whole OpenRaster file" in done.err) == (3, True)
