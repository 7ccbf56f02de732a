"""An engine that is killed again and again while it starts and works: the client names the reason and gets another, and
nothing stays of the dead ones."""

from __future__ import annotations

import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from checkout import SOURCES
from patience import patience

import photochrom_client
from photochrom_client.running import find

from .table import Row

WIDTH, HEIGHT = 480, 320
LIGHTNESS = array("f", [20 + 60 * (at % WIDTH > WIDTH // 2) for at in range(WIDTH * HEIGHT)]).tobytes()
SETTINGS = {"colorizer": "lite"}


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """Kills engines that live under `base` alone `times` times, one in four of them while it starts."""
    rng, row = random.Random(seed), Row("engine killed")
    with patch.dict(os.environ, environment(base)):
        try:
            expected = colorize(photochrom_client.connect(base))
            files = names(base)
            for _ in range(times):
                if rng.random() < 0.25:
                    end()
                    kill_while_it_starts(rng.uniform(0, 1.5))
                    row.counted["while it started"] += 1
                else:
                    kill_while_it_works(rng.uniform(0, 0.5), row)
                row.tried += 1
                yield row
                try:
                    result = colorize(photochrom_client.connect(base))
                except photochrom_client.EngineError as error:
                    row.faults.append(f"no other engine was found: {error}")
                    continue
                if result != expected:
                    row.faults.append("the next engine chose other colors")
                if left := names(base) - files:
                    row.faults.append(f"left behind: {', '.join(sorted(left))}")
        finally:
            end()
    if left := {name for name in names(base) if name.startswith("run/") and name != "run/engine.lock"}:
        row.faults.append(f"left by the last one, which ended by itself: {', '.join(sorted(left))}")
    log = base / "state" / "photochrom" / "engine.log"
    row.faults += ["a traceback in the log"] * log.read_text(encoding="utf-8").count("Traceback")
    yield row


def environment(base: Path) -> dict[str, str]:
    """Of a user of its own, whose engine is this checkout's."""
    code = f"import sys; sys.path[:0] = {SOURCES!r}; from photochrom.cli import main; main()"
    words = [sys.executable, "-c", code, "serve"]
    return {
        "PHOTOCHROM_ENGINE": shlex.join(words),
        "PHOTOCHROM_RUNTIME_DIR": str(base / "run"),
        **{f"XDG_{name}_HOME": str(base / name.lower()) for name in ("STATE", "CACHE", "DATA")},
    }


def colorize(engine: photochrom_client.Engine) -> bytes:
    """All pixels of one job."""
    with engine.upload(WIDTH, HEIGHT, [LIGHTNESS]) as layer:
        return b"".join(bytes(strip.data) for strip in layer.colorize(SETTINGS).strips())


def names(base: Path) -> set[str]:
    """Every file but the older half of the log, which comes once the log is long."""
    return {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file() and path.name != "engine.log.1"}


def kill_while_it_works(delay: float, row: Row) -> None:
    """Works until the engine is gone; only a reason that a person can act on may come of it."""
    engine = photochrom_client.connect("")
    threading.Timer(delay, os.kill, (engine.pid, signal.SIGKILL)).start()
    until = time.monotonic() + 30
    try:
        while time.monotonic() < until:
            colorize(engine)
    except photochrom_client.EngineError as error:
        if not (error.cause and error.next_step):
            row.faults.append(f"a reason without cause or next step: {error!r}")
        row.counted["in the middle of a job"] += 1
    except Exception as error:
        row.faults.append(f"{type(error).__name__} instead of a reason: {error}")
    else:
        row.faults.append("the client did not notice within 30 s")
    wait_for_end(engine.pid)


def kill_while_it_starts(delay: float) -> None:
    words = [sys.executable, "-m", "photochrom", "serve"]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(SOURCES)}
    with subprocess.Popen(words, env=paths, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(delay)
        process.kill()


def end() -> None:
    """Ends the engine that runs now."""
    if running := find(timeout=30):
        os.kill(running.status.pid, signal.SIGTERM)
        wait_for_end(running.status.pid)


def wait_for_end(process: int) -> None:
    """Of an engine, which is a child of this process or of none."""
    until = time.monotonic() + patience(30)
    while time.monotonic() < until:
        with suppress(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
