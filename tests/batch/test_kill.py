"""A batch that is killed at random moments, again and again, ends with what an undisturbed one gives, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from checkout import PYTHONPATH
from photochrom.batch import journal, publishing
from photochrom.batch.report import NAME
from photochrom.batch.report_thumbnails import FOLDER

KILLS = 60
FILES = 360
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH, "SOURCE_DATE_EPOCH": "1000000000"}
COMMAND = [sys.executable, "-m", "photochrom", "batch", "--jobs", "2"]


def results(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and not {publishing.HIDDEN, FOLDER, NAME} & set(path.parts)
    }


def made(out: Path) -> dict[str, tuple[int, int]]:
    """Which file each result is, and when it was written: the same as long as nobody writes it again. What the journal
    says of them is looked at too: a result that is done is whole."""
    notes = journal.open_journal(publishing.journal_path(out))
    if notes is None:
        return {}
    found = {}
    for entry in notes.entries("done"):
        path = out / entry.output
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.result_sha256
        found[str(entry.output)] = path.stat().st_ino, path.stat().st_mtime_ns
    notes.close()
    return found


def killed(words: list[str], delay: float) -> bool:
    """Runs the command, kills it so many seconds after its first result (before it, where that is negative) and says
    whether it was killed before its end."""
    with subprocess.Popen(
        [*COMMAND, *words], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        if delay < 0:
            time.sleep(-delay)
        else:
            process.stdout.readline()
            time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.stdout.read()
        return process.wait() == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is there on POSIX systems alone")
def test_killed_sixty_times(tmp_path, write):
    box, out, undisturbed = (tmp_path / name for name in ("box", "out", "undisturbed"))
    for number in range(FILES):
        write(
            box / f"roll {number % 7}" / f"{number:03}{random.Random(number).choice(['.jpg', '.png', '.tif'])}", number
        )
    rng = random.Random(1907)
    words, before, kills = [str(box), "-o", str(out)], {}, 0
    for _ in range(KILLS):
        # Some while it starts, most while it works, in steps finer than a file takes.
        delay = -rng.uniform(0.05, 0.9) if rng.random() < 0.25 else rng.uniform(0, 0.08)
        kills += killed(words, delay)
        now = made(out)
        assert {name: now.get(name) for name in before} == before  # nothing is lost, nothing done twice
        before = now
        if now:
            words = ["--resume", str(out)]
    assert kills == KILLS
    assert 0 < len(before) < FILES  # it was never at its end
    subprocess.run([*COMMAND, *words], env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    assert {name: made(out)[name] for name in before} == before
    subprocess.run([*COMMAND, str(box), "-o", str(undisturbed)], env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    assert len(results(undisturbed)) == FILES
    assert results(out) == results(undisturbed)
    assert not list((out / publishing.HIDDEN).glob("work-*"))
