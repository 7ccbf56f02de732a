"""Many photographs in a row on one engine: it holds no more files after the last than early on, and hardly more
memory."""

from __future__ import annotations

import os
import random
from array import array
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import photochrom_client

from .engine_kills import SETTINGS, end, environment
from .table import Row

SIZES = 6
WARM = 40
"""Jobs before the first look."""

MEGABYTES = 24
"""Growth in the second half that is no fault: until then caches fill, as a few sizes and forms come in any order."""

FILES = 4
"""The same for files: a connection that is just being closed."""


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """`times` jobs, each on a layer of its own, of one of a few random sizes: what is kept for a size is no leak."""
    rng, row = random.Random(seed), Row("job on one engine")
    sizes = [(rng.randrange(16, 600), rng.randrange(16, 400)) for _ in range(SIZES)]
    with patch.dict(os.environ, environment(base)):
        try:
            engine = photochrom_client.connect(base)
            for _ in range(WARM):
                job(engine, rng, *rng.choice(sizes))
            looks = [looked_at(engine.pid)]
            for half in (times // 2, times - times // 2):
                for _ in range(half):
                    job(engine, rng, *rng.choice(sizes))
                    row.tried += 1
                    yield row
                looks.append(looked_at(engine.pid))
        finally:
            end()
    (early, early_files), (halfway, _), (late, late_files) = looks
    row.counted["MB more after the first half"] = halfway - early
    row.counted["MB more after the second half"] = late - halfway
    row.counted["files more"] = late_files - early_files
    if late - halfway > MEGABYTES:
        row.faults.append(f"{late - halfway} MB more in the second half of {times} jobs")
    if late_files - early_files > FILES:
        row.faults.append(f"{late_files - early_files} files more after {times} jobs")
    yield row


def job(engine: photochrom_client.Engine, rng: random.Random, width: int, height: int) -> None:
    """A photograph there and back; some are given up while they are read."""
    with engine.upload(width, height, [array("f", [rng.uniform(0, 100)] * width * height).tobytes()]) as layer:
        done = layer.colorize(SETTINGS | {"chroma": rng.choice((0.5, 1.0))})
        done.preview()
        strips = done.strips(rows=64, form=rng.choice(("lab", "rgb8")))
        for _ in strips:
            if rng.random() < 0.1:
                strips.close()
                break


def looked_at(process: int) -> tuple[int, int]:
    """Megabytes in memory, and the files that are open or mapped without a name."""
    status = Path(f"/proc/{process}/status").read_text()
    unnamed = Path(f"/proc/{process}/maps").read_text().count("(deleted)")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024, len(os.listdir(f"/proc/{process}/fd")) + unnamed
