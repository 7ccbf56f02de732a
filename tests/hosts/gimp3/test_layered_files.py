"""Layered OpenRaster files, as `photochrom colorize --layered` writes them, in a real GIMP 3."""

import json
import subprocess
import sys

import numpy as np
import pytest
from photochrom.image.lab import lab_from_srgb
from PIL import Image

from . import editor
from .conftest import end, where

pytestmark = pytest.mark.host


def test_gimp_opens_the_untouched_source_and_the_colors_above_it(gimp, out):
    path = out / "dust bowl home.ora"
    command = [sys.executable, "-m", "photochrom", "colorize", editor.PHOTOGRAPH, "-o", path]
    subprocess.run(command, check=True, timeout=120)
    started = gimp.batch("layered.py", **where(out) | {"PHOTOCHROM_PHOTOGRAPH": str(path)})
    try:
        said, _ = started.communicate(timeout=600)
    finally:
        end(started)
    told = out / "layered.json"
    assert told.exists(), said
    document = json.loads(told.read_text(encoding="utf-8"))
    assert "traceback" not in document, document["traceback"]
    assert document["layers"][0]["name"] == "Photochrom color"
    assert len(document["layers"]) == 2
    before, after = (np.fromfile(out / name, np.float32).reshape(-1, 3) for name in ("source.lab", "flattened.lab"))
    assert np.abs(before[:, 0] - after[:, 0]).max() <= 0.3
    photograph = np.asarray(Image.open(editor.PHOTOGRAPH).convert("RGB"), np.float32) / 255
    assert np.abs(before - lab_from_srgb(photograph).reshape(-1, 3)).max() < 0.1
    assert np.hypot(*(after - before)[:, 1:].T).mean() > 1
