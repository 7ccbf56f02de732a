"""The example of the Python API runs as it is printed in its docstring."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from checkout import PYTHONPATH
from photochrom.image.picture import open_picture

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_example_writes_both_files_and_keeps_the_tones(tmp_path):
    photograph = EXAMPLES / "dust-bowl-home.jpg"
    done = subprocess.run(
        [sys.executable, EXAMPLES / "public_api.py", photograph, tmp_path / "results"],
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "refused: " in done.stdout
    before = open_picture(photograph).lightness().numpy()
    after = open_picture(tmp_path / "results" / "color.tif").lightness().numpy()
    assert np.abs(after - before).max() <= 0.3
    assert (tmp_path / "results" / "calm.jpg").stat().st_size > 50_000
