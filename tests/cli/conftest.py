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
from PIL import Image

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH}


COMMAND = [sys.executable, "-m", "photochrom"]


def start(*words: str | Path, **options) -> subprocess.Popen:
    """The command in a process of its own, which heeds Ctrl-C even where this one was told not to."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen([*COMMAND, *map(str, words)], env=ENVIRONMENT, **pipes, **heed)


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
