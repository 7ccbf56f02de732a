"""What tests of several commands share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom.batch import publishing
from photochrom.batch.report import NAME
from photochrom.batch.report_thumbnails import FOLDER
from PIL import Image

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH}
COMMAND = [sys.executable, "-m", "photochrom"]


def start(*words: str | Path, **options) -> subprocess.Popen:
    """The command in a process of its own, which reacts to Ctrl-C even if this one ignores it."""
    return start_python(*COMMAND[1:], *words, **options)


def start_python(*words: str | Path, **options) -> subprocess.Popen:
    """The same with other words for Python."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen([sys.executable, *map(str, words)], env=ENVIRONMENT, **pipes, **heed)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A small photograph, alone in its folder."""
    path = tmp_path / "box" / "Ann Müller (1).jpg"
    path.parent.mkdir()
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).resize(0.25).write_to_file(str(path))
    return path


@pytest.fixture
def another(photograph: Path) -> Path:
    return Path(shutil.copy(photograph, photograph.with_name("[b] two.jpg")))


@pytest.fixture
def damaged(photograph: Path) -> Path:
    path = photograph.with_name("damaged.jpg")
    path.write_bytes(photograph.read_bytes()[:2000])
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def color_pictures(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        corners = np.random.default_rng(number).integers(30, 225, (3, 4, 3), dtype=np.uint8)
        Image.fromarray(corners).resize((96, 64), Image.Resampling.BICUBIC).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def write():
    """Writes a gray photograph, 128 × 98, a little different for each number."""
    small = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(1 / 8).copy_memory()

    def write_photograph(path: Path, number: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        image = (small * (1 - 0.01 * number)).cast("uchar")
        image.copy(interpretation="b-w").write_to_file(str(path))
        return path

    return write_photograph


@pytest.fixture
def box(tmp_path, write):
    """Two photographs in gray, one in color, one damaged, and a text."""
    box = tmp_path / "box"
    whole = write(box / "one.jpg").read_bytes()
    write(box / "roll" / "two.png", 1)
    (box / "damaged.jpg").write_bytes(whole[:900])
    (box / "notes.txt").write_text("written on the back")
    y, x = np.mgrid[:64, :96] / 96
    rgb = (255 * np.stack([x, y, 1 - x], -1)).astype(np.uint8)
    pyvips.Image.new_from_array(rgb).copy(interpretation="srgb").write_to_file(str(box / "color.png"))
    return box


def results(out):
    """Results of a batch, as paths below its output folder."""
    return sorted(
        str(path.relative_to(out))
        for path in out.rglob("*")
        if path.is_file() and not {publishing.HIDDEN, FOLDER, NAME} & set(path.parts)
    )
