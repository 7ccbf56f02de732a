"""What a fresh process costs, from its start to its end."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import median

import pyvips

from .conftest import PHOTOGRAPH

# A child's ru_maxrss begins with the size of the process that started it, so the process itself says its peak.
SAY_THE_PEAK = 'import atexit, shutil, sys; atexit.register(shutil.copyfile, "/proc/self/status", sys.argv.pop(1))\n'
COLORIZE = "from photochrom.cli import main; main()"
"""`photochrom`, for the words that follow."""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, processor seconds of all threads, and bytes of memory at most."""

    seconds: float
    processor: float
    peak: int


def cost_of(python: str | Path, code: str, *words: str | Path, folder: Path, environment: Mapping[str, str]) -> Cost:
    """Runs code in an interpreter of its own. `folder` is a place for a file. Linux only."""
    status = folder / "status"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [python, "-c", SAY_THE_PEAK + code, status, *words]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (peak,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return Cost(seconds, processor, int(peak) * 1024)


def median_cost(costs: list[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(
        median(each.seconds for each in costs),
        median(each.processor for each in costs),
        int(median(each.peak for each in costs)),
    )


def scans(folder: Path) -> Callable[[int], Path]:
    """A function that gives a gray JPEG of so many megapixels, made once."""

    @cache
    def scan(megapixels: int) -> Path:
        photograph = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")
        path = folder / f"{megapixels}.jpg"
        scale = sqrt(megapixels * 1e6 / (photograph.width * photograph.height))
        photograph.resize(scale, kernel="cubic").write_to_file(str(path), Q=92)
        return path

    return scan
