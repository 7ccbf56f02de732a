"""`photochrom album carry`: one object's color, shown in all frames first, then written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH, "SOURCE_DATE_EPOCH": "1000000000"}


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "photochrom", *map(str, words)]
    said = subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True, text=True)
    assert said.returncode == code, said.stderr
    return said


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("*.png")}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Three frames of one photograph, its sky in all, colorized."""
    folder = tmp_path_factory.mktemp("album")
    (folder / "roll").mkdir()
    picture = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0]
    picture = picture.resize(400 / picture.width)
    for number, left in ((1, 0), (2, 50), (3, 100)):
        frame = picture.crop(left, 0, 300, picture.height).copy(interpretation="b-w")
        frame.write_to_file(str(folder / "roll" / f"{number}.png"))
    run("batch", folder / "roll", "-o", folder / "out", "--no-report")
    return folder / "out"


def mean_ab(file: bytes) -> np.ndarray:
    """Of the sky."""
    picture = pyvips.Image.new_from_buffer(file, "").colourspace("lab")
    return picture.crop(60, 5, 180, 40).numpy()[..., 1:].mean((0, 1))


def test_an_object_is_shown_in_all_frames_and_written_where_it_is_wanted(out, tmp_path):
    before, sheet = results(out), tmp_path / "sheet.png"
    words = ("album", "carry", out, "--from", "1.png", "--at", "0.5,0.08", "--color", "#3f9a6a")
    words = (*words, "--at", "0.8,0.3", "--at", "0.1,0.3", "--size", "0.5")
    said = run(*words, "--preview", sheet, "--json")
    found = [json.loads(line) for line in said.stdout.splitlines()]
    assert [each["result"] for each in found] == ["1.png", "2.png", "3.png"]
    assert all(each["alike"] > 0.5 and each["share"] > 0.1 for each in found)
    assert results(out) == before
    page = pyvips.Image.new_from_file(str(sheet))
    assert page.width > 3 * 250
    assert page.height > 3 * 200

    run(*words, "--except", "3.png", "--write", "--note", "green: a postcard")
    after = results(out)
    assert after["3.png"] == before["3.png"]
    for name in ("1.png", "2.png"):
        assert mean_ab(before[name])[0] > -8
        assert mean_ab(after[name])[0] < -15  # green
        assert "known    object at" in run("report", out / name).stdout
        assert "green: a postcard" in run("report", out / name).stdout
    assert "guessed  all colors" in run("report", out / "3.png").stdout
    run("batch", out.parent / "roll", "-o", out, "--manifest")
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert ["green: a postcard" in each["given"] for each in lines] == [True, True, False]
    assert (out / "report.html").read_text(encoding="utf-8").count("green: a postcard") == 2


def test_wrong_usage(out):
    words = ("album", "carry", out, "--from", "1.png", "--at", "0.5,0.1", "--color", "green")
    assert "no point" in run(*words[:6], "0.5", *words[7:], code=2).stderr
    assert "no color" in run(*words[:8], "greenish", code=2).stderr
    assert "no name for a sheet" in run(*words, "--preview", "sheet.txt", code=2).stderr
    assert "There is no result nine.png" in run(*words[:4], "nine.png", *words[5:], code=2).stderr
