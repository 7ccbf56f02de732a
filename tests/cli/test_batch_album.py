"""`photochrom batch --album` over a roll: what belongs together agrees, and what does not stays as it is."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom.batch.publishing import HIDDEN

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH, "SOURCE_DATE_EPOCH": "1000000000"}
COMMAND = [sys.executable, "-m", "photochrom", "batch", "--no-report"]


def run(*words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, env=ENVIRONMENT, check=check, capture_output=True, text=True)


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.rglob("*.png") if HIDDEN not in path.parts}


@pytest.fixture(scope="module")
def roll(tmp_path_factory):
    """Three frames of one photograph, named out of order, a picture of something else, and a damaged one."""
    roll = tmp_path_factory.mktemp("photographs") / "roll"
    roll.mkdir()
    picture = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0]
    picture = picture.resize(400 / picture.width)
    for number, left in ((9, 0), (10, 50), (11, 100)):
        frame = picture.crop(left, 0, 300, picture.height).copy(interpretation="b-w")
        frame.write_to_file(str(roll / f"{number}.png"))
    y, x = np.mgrid[:240, :300] / 20
    waves = (128 + 60 * np.sin(x + 0.3 * y) * np.cos(y)).astype(np.uint8)
    pyvips.Image.new_from_array(waves).copy(interpretation="b-w").write_to_file(str(roll / "other.png"))
    (roll / "damaged.png").write_bytes((roll / "9.png").read_bytes()[:2000])
    return roll


@pytest.fixture(scope="module")
def one_by_one(roll, tmp_path_factory):
    out = tmp_path_factory.mktemp("one by one")
    run(roll, "-o", out, check=False)
    return results(out)


@pytest.fixture(scope="module")
def album(roll, tmp_path_factory):
    """The output folder, and what was said."""
    out = tmp_path_factory.mktemp("album")
    return out, run(roll, "-o", out, "--album", check=False)


def difference(one: bytes, other: bytes) -> float:
    """Mean distance in ab of the places that two neighboring frames have in common."""
    first, second = (pyvips.Image.new_from_buffer(each, "").colourspace("lab") for each in (one, other))
    places = first.crop(50, 0, 250, first.height).numpy(), second.crop(0, 0, 250, second.height).numpy()
    return float(np.linalg.norm((places[0] - places[1])[..., 1:], axis=-1).mean())


def test_neighboring_frames_have_the_same_colors(one_by_one, album):
    out, _ = album
    together = results(out)
    for one, other in (("9.png", "10.png"), ("10.png", "11.png")):
        alone = difference(one_by_one[one], one_by_one[other])
        assert difference(together[one], together[other]) < 0.6 * alone


def test_what_matches_nothing_stays_byte_for_byte_as_it_was(one_by_one, album):
    out, said = album
    assert results(out)["other.png"] == one_by_one["other.png"]
    assert "3 agree with others; 1 match none" in said.stderr
    assert said.returncode == 1  # the damaged one fails, and nothing else


def test_frames_that_come_later_follow_and_change_nothing(roll, album, tmp_path):
    box, out = tmp_path / "roll", tmp_path / "out"
    box.mkdir()
    for name in ("9.png", "10.png"):
        (box / name).write_bytes((roll / name).read_bytes())
    run(box, "-o", out, "--album")
    before = results(out)
    (box / "11.png").write_bytes((roll / "11.png").read_bytes())
    said = run(box, "-o", out, "--album", "--json")
    after = results(out)
    assert {name: after[name] for name in before} == before
    assert {"album": {"matching": 3, "alone": 0}} in map(json.loads, said.stdout.splitlines())
    assert difference(after["10.png"], after["11.png"]) < 0.6 * difference(before["10.png"], _alone(roll, tmp_path))


def _alone(roll: Path, tmp_path: Path) -> bytes:
    run(roll / "11.png", "-o", tmp_path / "alone")
    return results(tmp_path / "alone")["11.png"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is there on POSIX systems alone")
def test_killed_at_random_it_ends_with_the_same_bytes(roll, album, tmp_path):
    rng, words, kills = random.Random(14), [str(roll), "-o", str(tmp_path), "--album"], 0
    journal = tmp_path / HIDDEN / "journal.sqlite"
    for _ in range(12):
        changed = _changed(journal)
        with subprocess.Popen([*COMMAND, *words], env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and _changed(journal) == changed:
                time.sleep(0.02)
            time.sleep(rng.uniform(0, 5))  # from its first word in the journal: while it looks, agrees or writes
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
        words = ["--resume", str(tmp_path)]
    assert kills
    run(*words, check=False)
    assert results(tmp_path) == results(album[0])


def _changed(journal: Path) -> list[int]:
    """When the journal's files were last written."""
    return [path.stat().st_mtime_ns for path in sorted(journal.parent.glob("journal.sqlite*"))]
