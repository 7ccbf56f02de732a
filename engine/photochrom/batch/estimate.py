"""How long a batch will take and how much room its results need, from a sample of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from photochrom.batch import journal, publishing
from photochrom.batch.plan import Planned
from photochrom.batch.runner import Run
from photochrom.batch.settings import Settings

SAMPLE: Final = 16
"""How many pictures are colorized to judge from."""


@dataclass(frozen=True)
class Estimate:
    """`seconds` that all pictures will take, and `bytes` of their results; judged from `sampled` pictures, of which
    `failed` and `skipped` gave no result."""

    seconds: float
    bytes: int
    sampled: int
    failed: int
    skipped: int


def estimate(
    pictures: list[Planned], settings: Settings, jobs: int, stopping: Callable[[], bool], sample: int = SAMPLE
) -> Estimate:
    """Colorizes a sample of `pictures` into a temporary folder. Every size is in it: they are taken in equal steps from
    all in the order of their sizes, and what is measured is scaled by bytes.

    Raises:
        OutputFailed, ModelMissing, ModelDamaged: as `runner.Run`.
    """
    chosen = _spread(pictures, sample)
    if not chosen:
        return Estimate(0, 0, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="photochrom-") as name:
        out = Path(name)
        with publishing.claim(out):
            here = replace(settings, results=None)
            notes = journal.create(publishing.journal_path(out), here, datetime.now(UTC))
            notes.add(chosen)
            finished, times, looks = [], [], list[float]()
            for entry in Run(out, notes, jobs, stopping, looked=lambda _: looks.append(time.perf_counter())):
                finished.append(entry)
                times.append(time.perf_counter())
            notes.close()
    done = [entry for entry in finished if entry.state == "done"]
    counts = [sum(entry.state == state for entry in finished) for state in ("failed", "skipped")]
    if not done:
        return Estimate(0, 0, len(finished), *counts)
    everything, seen = sum(each.size for each in pictures), sum(entry.size for entry in finished)
    # The time to start does not grow with the batch: what came out after the first result is measured.
    later = sum(entry.size for entry in finished[1:])
    pace = (times[-1] - times[0]) / later if later else sum(entry.seconds or 0 for entry in done) / seen
    if looks and later:  # an album's frames are read before, too
        pace += (looks[-1] - looks[0]) / later
    made = sum(entry.result_bytes or 0 for entry in done)
    return Estimate(pace * everything, round(made * everything / seen), len(finished), *counts)


def _spread(pictures: list[Planned], count: int) -> list[Planned]:
    """So many of them, in equal steps of the order of sizes."""
    ordered = sorted(pictures, key=lambda each: each.size)
    count = min(count, len(ordered))
    return [ordered[(2 * number + 1) * len(ordered) // (2 * count)] for number in range(count)]
