"""Many clients at once on one engine, some of which vanish in the middle: the others get their colors or are told to
wait before they begin, and nothing of those that left is kept."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import photochrom_client

from .engine_kills import HEIGHT, LIGHTNESS, SETTINGS, WIDTH, colorize, end, environment
from .many_jobs import FILES, looked_at
from .table import Row

CROWD = 24
"""Clients at once: more than the engine holds layers."""


class Vanished(Exception):
    """A client that leaves: its connection is closed without a word."""


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """`times` clients, in crowds."""
    rng, row = random.Random(seed), Row("client in a crowd")
    with patch.dict(os.environ, environment(base)):
        try:
            engine = photochrom_client.connect(base)
            expected = colorize(engine)
            _, files = looked_at(engine.pid)
            with ThreadPoolExecutor(CROWD) as crowd:
                while row.tried < times:
                    size = min(CROWD, times - row.tried)
                    plans = [(rng.choice(PLANS), rng.random()) for _ in range(size)]
                    for said in crowd.map(lambda plan: visit(engine, expected, *plan), plans):
                        judge(said, row)
                    row.tried += size
                    yield row
            if colorize(engine) != expected:
                row.faults.append("the engine chose other colors afterwards")
            _, later = looked_at(engine.pid)
            if later - files > FILES:
                row.faults.append(f"{later - files} files more afterwards")
        finally:
            end()
    log = base / "state" / "photochrom" / "engine.log"
    row.faults += ["a traceback in the log"] * log.read_text(encoding="utf-8").count("Traceback")
    yield row


def visit(engine: photochrom_client.Engine, expected: bytes, plan: str, share: float) -> str:
    """What became of a client: "served", "left", what it was told, or what went wrong."""

    def lightness() -> Iterator[bytes]:
        whole = len(LIGHTNESS) // 2
        yield LIGHTNESS[:whole]
        if plan == "leaves while it sends":
            raise Vanished
        yield LIGHTNESS[whole:]

    def on_progress(fraction: float, message: str) -> None:
        if plan == "leaves while it waits":
            raise Vanished

    try:
        with engine.upload(WIDTH, HEIGHT, lightness()) as layer:
            strips = layer.colorize(SETTINGS, on_progress).strips(rows=16)
            found = b""
            for strip in strips:
                found += strip.data
                if plan == "leaves while it reads" and strip.y > share * HEIGHT:
                    strips.close()
                    return "left"
        return "served" if found == expected else "other colors than alone"
    except Vanished:
        return "left"
    except photochrom_client.RequestRefused as error:
        return "told to wait" if error.code == "busy" and error.next_step else f"refused: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


PLANS = ("stays", "stays", "stays", "leaves while it sends", "leaves while it waits", "leaves while it reads")


def judge(said: str, row: Row) -> None:
    if said in ("served", "left", "told to wait"):
        row.counted[said] += 1
    else:
        row.faults.append(said)
