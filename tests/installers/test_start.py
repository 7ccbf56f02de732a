"""From `serve` to the first answer: the lite bundle beside the same code and libraries in an environment of Python's.

PHOTOCHROM_BUNDLE=dist/….tar.xz pytest tests/installers/test_start.py --benchmark-only
"""

import os
import subprocess
import time
from pathlib import Path
from statistics import median

import pytest
from benchmarks.test_start import wait_until_it_answers

from .conftest import REPOSITORY

ROUNDS = 7
MOST = 1.1
UNBUNDLED = REPOSITORY / "build" / "bundle" / "lite" / "venv" / "bin" / "photochrom"

pytestmark = pytest.mark.slow


def seconds_to_ready(program, folder):
    """By the clock, and of the processor's time: on a busy machine the first says little."""
    folder.mkdir()
    places = {"PHOTOCHROM_RUNTIME_DIR": folder / "run", "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder}
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"} | {name: str(at) for name, at in places.items()}
    began = time.perf_counter()
    process = subprocess.Popen([program, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_answers(folder / "run" / "engine.json", process)
        took = time.perf_counter() - began
        user, system = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return took, (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    finally:
        process.terminate()
        process.wait(60)


def test_bundle_is_ready_about_as_soon_as_the_unbundled_engine(lite, benchmark, tmp_path):
    if not UNBUNDLED.exists():
        pytest.skip(f"{UNBUNDLED} is not there: installers/bundle/build lite makes it")
    bundled, unbundled = [], []

    def both():
        number = len(bundled)
        unbundled.append(seconds_to_ready(UNBUNDLED, tmp_path / f"unbundled-{number}"))
        bundled.append(seconds_to_ready(lite.program, tmp_path / f"bundled-{number}"))

    benchmark.pedantic(both, rounds=ROUNDS, warmup_rounds=1)
    del bundled[0], unbundled[0]  # the round that warms up
    clock, processor = (
        median(ours) / median(plain)
        for ours, plain in zip(zip(*bundled, strict=True), zip(*unbundled, strict=True), strict=True)
    )
    print(f"start to ready, bundle beside unbundled: {clock:.3f} times, {processor:.3f} of the processor's time")
    print(f"bundle: {sorted(bundled)}, unbundled: {sorted(unbundled)}")
    assert clock <= MOST
