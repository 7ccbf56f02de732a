"""This version beside the one before, both installed plainly on this machine, measured in turn: start to end.

    pytest tests/benchmarks/test_releases.py --benchmark-only

prints one table of medians. The version before is the last one that had five networks and a router;
PHOTOCHROM_PREVIOUS names another commit (the targets were set for what stood at d90925f: there no network was kept
compiled, and the install brought scikit-image). The first run installs both, about a minute each, into the user's
cache, `photochrom/benchmarks/`, which may be removed at any time. On a busy machine the ratios hold better than the
seconds. The row of DDColor needs torch, and installs OpenCV into the same folder where there is none.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

import pytest
from photochrom.image.picture import open_picture

from . import installs
from .conftest import ENVIRONMENT
from .installs import Install
from .processes import COLORIZE, Cost, cost_of, median_cost, scans

T = TypeVar("T")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")

BEFORE_EXPERTS = "402bf3c~1"
PREVIOUS = os.environ.get("PHOTOCHROM_PREVIOUS", BEFORE_EXPERTS)
SCRIPTS = Path(__file__).parent / "scripts"
ROUNDS = 5
ROUNDS_OF_DDCOLOR = 3
PREDICTIONS = 10
"""A process."""
OPENCV = "opencv-python-headless"

TARGETS = {
    ("colorize", 1): ("≥ 3", "≤ 230 MB"),
    ("colorize", 24): ("≥ 2.2", "≤ 270 MB"),
    "choose": "≥ 4",
    "first answer": "≥ 2",
    "install": "≤ 480 MB",
    "DDColor": "≥ 5",
}


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    return scans(tmp_path_factory.mktemp("scans"))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Install, dict[str, str]]]:
    """The version before and this one, each with an environment in which it finds its own files alone."""
    versions = installs.of_commit(PREVIOUS), installs.of_working_tree()
    return [(each, environment_of(each, tmp_path_factory.mktemp("user"))) for each in versions]


def environment_of(install: Install, folder: Path) -> dict[str, str]:
    names = ("PHOTOCHROM_CACHE", "PHOTOCHROM_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    places = {name: str(folder / name.lower()) for name in names}
    outer = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PHOTOCHROM_MODELS"}}
    return outer | places | {"PHOTOCHROM_ENGINE": f"{shlex.quote(str(install.command))} serve"}


def in_turn(rounds: int, *measures: Callable[[], T]) -> list[list[T]]:
    """What each measure gave, round after round, after one that does not count."""
    for measure in measures:
        measure()
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [list(each) for each in zip(*taken, strict=True)]


def answer_of(install: Install, environment: dict[str, str], script: str, *words: str | Path | int) -> dict[str, float]:
    """What a script prints that runs in an install."""
    command = [install.python, SCRIPTS / script, *map(str, words)]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=install.place)
    return json.loads(said.stdout)


@pytest.mark.parametrize("megapixels", [1, 24])
def test_a_file_of_megapixels(benchmark, compare, both, scan, tmp_path, megapixels):
    source, output = scan(megapixels), tmp_path / "color.jpg"
    words = ("colorize", source, "-o", output, "--overwrite")

    def measure(install: Install, environment: dict[str, str]) -> Cost:
        return cost_of(install.python, COLORIZE, *words, folder=tmp_path, environment=environment)

    taken = benchmark.pedantic(in_turn, args=(ROUNDS, *(lambda each=each: measure(*each) for each in both)))
    before, now = map(median_cost, taken)
    faster, smaller = TARGETS["colorize", megapixels]
    name = f"photochrom colorize, {megapixels} MP"
    compare(name, before.seconds, now.seconds, "s", faster)
    compare(f"{name}, processor", before.processor, now.processor, "s")
    compare(f"{name}, peak memory", before.peak / 1e6, now.peak / 1e6, "MB", smaller)


def test_choosing_colors(benchmark, compare, both, scan):
    words = ("choose_colors.py", scan(1), PREDICTIONS)
    taken = benchmark.pedantic(in_turn, args=(ROUNDS, *(lambda each=each: answer_of(*each, *words) for each in both)))
    row = compare(
        "choosing colors with auto, warm",
        *(median_of(each, "seconds") * 1e3 for each in taken),
        "ms",
        TARGETS["choose"],
    )
    compare("choosing colors, processor", *(median_of(each, "processor") * 1e3 for each in taken), "ms")
    if PREVIOUS == BEFORE_EXPERTS:
        assert row.ratio > 1


def test_the_first_answer(benchmark, compare, both, scan, tmp_path):
    lightness = open_picture(scan(1)).lightness()
    raw = tmp_path / "lightness"
    raw.write_bytes(lightness.write_to_memory())
    words = ("first_answer.py", raw, lightness.width, lightness.height)
    taken = benchmark.pedantic(in_turn, args=(ROUNDS, *(lambda each=each: answer_of(*each, *words) for each in both)))
    for what, name, target in (
        ("ready", "engine from nothing: ready", ""),
        ("preview", "engine from nothing: preview", TARGETS["first answer"]),
        ("strip", "engine from nothing: first strip", ""),
    ):
        compare(name, *(median_of(each, what) for each in taken), "s", target)
    compare("engine's peak memory after it", *(median_of(each, "peak") / 1e6 for each in taken), "MB")


def test_the_install(benchmark, compare, note, both):
    before, now = benchmark.pedantic(lambda: [install.megabytes() for install, _ in both])
    row = compare("install, without extras", before, now, "MB", TARGETS["install"])
    (old, theirs), (_, ours) = ((install.name, install.versions()) for install, _ in both)
    differing = [name for name in sorted(theirs.keys() & ours) if theirs[name] != ours[name]]
    note(before=old, packages_of_other_versions=", ".join(differing) or "none")
    if PREVIOUS == BEFORE_EXPERTS:
        assert row.ratio > 1


def test_against_ddcolor(benchmark, compare, both, scan, tmp_path):
    pytest.importorskip("torch")
    source, output = scan(24), tmp_path / "color.jpg"
    _, (install, own) = both
    theirs = ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], *opencv()])}
    code = (SCRIPTS / "ddcolor_way.py").read_text()

    def ddcolor() -> Cost:
        return cost_of(sys.executable, code, source, output, folder=tmp_path, environment=theirs)

    def ours() -> Cost:
        words = ("colorize", source, "-o", output, "--overwrite")
        return cost_of(install.python, COLORIZE, *words, folder=tmp_path, environment=own)

    taken = benchmark.pedantic(in_turn, args=(ROUNDS_OF_DDCOLOR, ddcolor, ours))
    before, now = map(median_cost, taken)
    row = compare("24 MP beside DDColor-tiny's way", before.seconds, now.seconds, "s", TARGETS["DDColor"])
    compare("24 MP beside it, processor", before.processor, now.processor, "s")
    compare("24 MP beside it, peak memory", before.peak / 1e6, now.peak / 1e6, "MB")
    assert row.ratio > 1


def opencv() -> list[str]:
    """What else must be on the path for `import cv2`."""
    if importlib.util.find_spec("cv2"):
        return []
    try:
        return [str(installs.add_package(OPENCV))]
    except subprocess.CalledProcessError:
        pytest.skip(f"{OPENCV} is not here and cannot be installed")


def median_of(answers: list[dict[str, float]], what: str) -> float:
    return median(each[what] for each in answers)
