"""What a process and all that it started have in memory together. Linux only."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

INTERVAL = 0.05
"""Seconds between two looks."""


def peak_of(process: subprocess.Popen) -> int:
    """Waits for the process; the most bytes that it and its descendants held at once, shared pages counted once."""
    peak = 0
    while process.poll() is None:
        with suppress(OSError, ValueError):  # one of them has just ended
            peak = max(peak, sum(map(_bytes, _family(process.pid))))
        time.sleep(INTERVAL)
    return peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
