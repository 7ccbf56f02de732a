"""Folders and files colorized onto a disk that has room for some of them, or for none: what is there is whole, the
reason is named, and with more room the rest comes."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from small_disk import SmallDisk, small_disk

from .command_kills import ENVIRONMENT, command, pixels, scans, temporary
from .table import Row

SIZE = 24 << 20
"""Bytes of the disk: all results, and what a batch notes."""


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """Fills a disk `times` times. Raises Unavailable where none can be mounted."""
    rng, row = random.Random(seed), Row("full disk")
    with small_disk(base / "disk", SIZE) as disk:
        sources = scans(base / "box")
        for words in (command(sources, base / "expected"), batch(base / "box", base / "expected of a batch")):
            subprocess.run(words, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while row.tried < times:
            out = disk.folder / "out"
            if rng.random() < 0.5:
                row.counted["of `colorize`"] += 1
                attempt(command(sources, out), out, pixels(base / "expected"), disk, rng, row)
            else:
                row.counted["of `batch`"] += 1
                expected = results(base / "expected of a batch")
                attempt(batch(base / "box", out), out, expected, disk, rng, row)
            row.tried += 1
            yield row
            shutil.rmtree(out)
    yield row


def batch(box: Path, out: Path) -> list[str]:
    return [*command([], out)[:3], "batch", str(box), "--include-color", "-c", "lite", "-o", str(out)]


def results(out: Path) -> dict[str, bytes]:
    """The pixels of a batch's results, by their names; not those in its report."""
    return pixels(out / "box") if (out / "box").exists() else pixels(out)


def attempt(
    words: list[str], out: Path, expected: dict[str, bytes], disk: SmallDisk, rng: random.Random, row: Row
) -> None:
    needed = sum(path.stat().st_size for path in disk.folder.parent.glob("expected*/**/*") if path.is_file()) // 2
    disk.fill(rng.choice((0, rng.randrange(100_000), rng.randrange(needed))))
    full = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    row.counted["too small for all"] += full.returncode != 0
    judge(full, row)
    there = results(out)
    if wrong := [name for name, content in there.items() if content != expected.get(name)]:
        row.faults.append(f"not whole on a full disk: {', '.join(wrong)}")
    disk.free()
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if "--resume" in done.stderr:  # it says so where a batch has begun
        again = [*words[:3], "batch", "--resume", str(out)]
        done = subprocess.run(again, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode or results(out) != expected:
        row.faults.append(f"with room again, not all came ({done.returncode}): {done.stderr[-300:]}")
    row.faults += [f"left behind: {name}" for name in temporary(out)]


def judge(ended: subprocess.CompletedProcess[str], row: Row) -> None:
    if "Traceback" in ended.stderr:
        row.faults.append(f"a traceback: {ended.stderr[-500:]}")
    if ended.returncode and not any(word in ended.stderr for word in ("space", "room")):
        row.faults.append(f"no way out is named: {ended.stderr[-500:]}")
