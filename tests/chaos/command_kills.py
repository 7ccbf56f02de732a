"""`photochrom colorize` over a folder, killed again and again: what is there is whole, and what is missing comes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyvips
from checkout import PYTHONPATH

from .table import Row

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH, "SOURCE_DATE_EPOCH": "1000000000"}
SUFFIXES = (".jpg", ".png", ".tif", ".webp")
FILES = 8
BETWEEN = 10
"""Kills between two runs that come to their end."""


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """Kills the command `times` times, one in five of them before its first result."""
    rng, row = random.Random(seed), Row("`photochrom colorize` killed")
    sources = scans(base / "box")
    expected = undisturbed(sources, base / "undisturbed")
    before = pixels(base / "box")
    while row.tried < times:
        out = base / f"out {row.tried}"
        for _ in range(min(BETWEEN, times - row.tried)):
            seen, old = pixels(out), set(temporary(out))
            row.counted["in the middle of the work"] += killed(sources, out, rng)
            row.tried += 1
            now = pixels(out)
            if lost := seen.keys() - now.keys():
                row.faults.append(f"lost: {', '.join(sorted(lost))}")
            half = [name for name, content in now.items() if content != expected[name]]
            row.faults += [f"half-written or otherwise different: {name}" for name in half]
            row.counted["with a temporary file left"] += bool(set(temporary(out)) - old)
            yield row
        done = subprocess.run(command(sources, out), env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode or pixels(out) != expected:
            row.faults.append(f"the next run was not like an undisturbed one: {done.stderr[-300:]}")
        row.faults += [f"left behind: {name}" for name in temporary(out)]
    if pixels(base / "box") != before:
        row.faults.append("a photograph was changed")
    yield row


def scans(folder: Path) -> list[Path]:
    """Small photographs of several formats."""
    folder.mkdir()
    paths = [folder / f"{number:02}{SUFFIXES[number % len(SUFFIXES)]}" for number in range(FILES)]
    for number, path in enumerate(paths):
        pyvips.Image.thumbnail(str(PHOTOGRAPH), 400 + 120 * number).write_to_file(str(path))
    return paths


def command(sources: list[Path], out: Path) -> list[str]:
    words = ["colorize", *map(str, sources), "-c", "lite", "-o", str(out), "--overwrite"]
    return [sys.executable, "-m", "photochrom", *words]


def undisturbed(sources: list[Path], out: Path) -> dict[str, bytes]:
    subprocess.run(command(sources, out), env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    return pixels(out)


def killed(sources: list[Path], out: Path, rng: random.Random) -> bool:
    """Runs the command and kills it at a random moment, half the times while it writes; whether it was killed before
    its end."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command(sources, out), env=ENVIRONMENT, **pipes) as process:
        if rng.random() < 0.2:
            time.sleep(rng.uniform(0.05, 1))
        else:
            for _ in range(rng.randrange(FILES // 2)):
                process.stdout.readline()
            if rng.random() < 0.6:
                wait_for_its_file(process, out)
                time.sleep(rng.uniform(0, 0.04))
            else:
                time.sleep(rng.uniform(0, 0.3))
        process.kill()
        process.stdout.read()
        return process.wait() != 0


def wait_for_its_file(process: subprocess.Popen[bytes], out: Path) -> None:
    """Until it has begun to write a file that was not there."""
    before = set(temporary(out))
    while process.poll() is None and not set(temporary(out)) - before:
        time.sleep(0.001)


def pixels(folder: Path) -> dict[str, bytes]:
    """Name -> the pixels of every file that a person sees there, none of one that is not whole. Its metadata tell when
    it was made."""
    paths = folder.iterdir() if folder.exists() else ()
    return {path.name: decoded(path) for path in paths if not path.name.startswith(".")}


def decoded(path: Path) -> bytes:
    try:
        return bytes(pyvips.Image.new_from_file(str(path), fail_on="warning").write_to_memory())
    except pyvips.Error:
        return b""


def temporary(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".photochrom-*")]
