"""The example of a host: from a PGM file through a real engine to a PPM file, by the client alone."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from checkout import PYTHONPATH, SOURCES
from patience import patience
from photochrom.image.picture import open_picture
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def surroundings(tmp_path):
    """The environment of a user's own; the engine that the host starts in it ends with the test."""
    code = f"import sys; sys.path[:0] = {SOURCES!r}; from photochrom.cli import main; main()"
    yield {
        **os.environ,
        "PYTHONPATH": PYTHONPATH,
        "PHOTOCHROM_RUNTIME_DIR": str(tmp_path / "run"),
        "PHOTOCHROM_ENGINE": shlex.join([sys.executable, "-c", code, "serve"]),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    runtime_file = tmp_path / "run" / "engine.json"
    if runtime_file.exists():
        os.kill(json.loads(runtime_file.read_text())["pid"], signal.SIGTERM)
    until = time.monotonic() + patience(30)
    while runtime_file.exists():
        assert time.monotonic() < until, "the engine does not end"
        time.sleep(0.05)


def colorize(source, output, environment):
    return subprocess.run(
        [sys.executable, EXAMPLES / "pgm_host.py", source, output],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def write_pgm(path, samples, largest):
    height, width = samples.shape
    path.write_bytes(b"P5\n# a scan\n%d %d\n%d\n" % (width, height, largest) + samples.tobytes())


def test_files_of_8_and_16_bits_get_colors_and_keep_their_tones(tmp_path, surroundings):
    gray = np.asarray(Image.open(EXAMPLES / "dust-bowl-home.jpg").convert("L").resize((320, 246)))
    write_pgm(tmp_path / "8 bits.pgm", gray, 255)
    write_pgm(tmp_path / "16 bits.pgm", (gray.astype(">u2") * 257).astype(">u2"), 65535)
    for name in ("8 bits", "16 bits"):
        source, output = tmp_path / f"{name}.pgm", tmp_path / f"{name}.ppm"
        done = colorize(source, output, surroundings)
        assert done.returncode == 0, done.stderr
        rgb = np.asarray(Image.open(output)).astype(int)
        assert np.ptp(rgb, axis=-1).mean() > 4
        before, after = (open_picture(path).lightness().numpy() for path in (source, output))
        assert np.abs(after - before).max() <= 0.5


def test_a_failure_is_reported_in_the_engines_words_and_leaves_no_file(tmp_path, surroundings):
    write_pgm(tmp_path / "scan.pgm", np.zeros((8, 8), np.uint8), 255)
    nowhere = surroundings | {"PHOTOCHROM_ENGINE": str(tmp_path / "no-engine")}
    done = colorize(tmp_path / "scan.pgm", tmp_path / "color.ppm", nowhere)
    assert done.returncode == 1
    assert "no-engine" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "color.ppm").exists()
