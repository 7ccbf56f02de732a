"""Folders of small photographs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import pyvips

from .report_data import Batch

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="session")
def small() -> pyvips.Image:
    """A gray photograph, 64 × 49."""
    return pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(1 / 16).copy_memory()


@pytest.fixture
def write(small):
    """Writes a gray photograph, a little different for each number, in the format of the name; its path."""

    def write_photograph(path: Path, number: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        image = (small * (1 - 0.01 * (number % 30))).cast("uchar")
        image.copy(interpretation="b-w").write_to_file(str(path))
        return path

    return write_photograph


@pytest.fixture
def write_color():
    """Writes a color photograph."""

    def write_photograph(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        y, x = np.mgrid[:64, :96] / 96
        rgb = np.stack([x, y, 0.5 + 0.5 * np.sin(9 * x * y)], -1)
        pyvips.Image.new_from_array((255 * rgb).astype(np.uint8)).copy(interpretation="srgb").write_to_file(str(path))
        return path

    return write_photograph


@pytest.fixture
def batch(tmp_path, small) -> Iterator[Batch]:
    made = Batch(tmp_path, small)
    yield made
    made.notes.close()


@pytest.fixture
def of_three(batch) -> Batch:
    for name, doubt in (("sure.png", 0.1), ("doubtful.png", 0.9), ("roll/between.png", 0.4)):
        batch.add(name, doubt)
    batch.fail("broken.jpg", "It is damaged.")
    return batch
