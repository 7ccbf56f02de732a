"""Mutated pictures of every kind: each is read, or refused with a reason, within seconds."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checkout import PYTHONPATH

from .samples import samples
from .table import Row

PATIENCE = 20.0
"""Seconds after which a picture that is read counts as one that hangs."""

NUMBERS = (
    b"\xff" * 4,
    b"\0" * 4,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\1",
    b"\x80\0\0\0",
    b"\xff\xff",
    b"<",
)
"""What sizes, offsets and counts are made of, at their limits."""


def run(base: Path, times: int, seed: int) -> Iterator[Row]:
    """Reads `times` mutated pictures. One that makes a decoder crash is counted by its kind, and thrown away."""
    rng, row = random.Random(seed), Row("mutated picture")
    sound = samples(base)
    reader = Reader()
    try:
        for name, content in sound.items():
            (base / name).write_bytes(content)
            if (said := reader.read(base / name)) != "picture":
                row.faults.append(f"{name}, as it is: {said}")
        for _ in range(times):
            name = rng.choice(list(sound))
            path = base / f"mutated{Path(name).suffix}"
            path.write_bytes(mutated(sound[name], sound[rng.choice(list(sound))], rng))
            judge(name, reader.read(path), row)
            row.tried += 1
            yield row
    finally:
        reader.end()
    yield row


def judge(name: str, said: str, row: Row) -> None:
    known = {"picture": "read", "error": "refused with a reason"}
    if said in known:
        row.counted[known[said]] += 1
    elif said.startswith("died"):
        row.counted[f"crashed a decoder ({Path(name).suffix[1:]}, {said[5:]})"] += 1
    else:
        row.faults.append(f"{name}: {said}")


class Reader:
    """A process that reads pictures, and another one where that has died."""

    def __init__(self) -> None:
        self.process = self._started()

    def read(self, path: Path) -> str:
        """Its verdict; "died of SIGNAL" or "hangs" where it has none."""
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            self.end()
            self.process = self._started()
            return f"hangs for more than {PATIENCE:.0f} s"
        said = self.process.stdout.readline().rstrip("\n")
        if said:
            return said
        code = self.process.wait()
        self.end()
        self.process = self._started()
        return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, Path(__file__).with_name("picture_reader.py")],
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )


def mutated(sound: bytes, other: bytes, rng: random.Random) -> bytes:
    """A few of: bytes changed, cut off, cut out, doubled, put in from another picture."""
    data = bytearray(sound)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        # Headers are short, and most of what a decoder decides is in them.
        place = rng.randrange(min(len(data), 200) if rng.random() < 0.5 else len(data)) if data else 0
        length = rng.choice((1, 2, 4, 16, 64, 256))
        match rng.randrange(8):
            case 0 | 1:
                data[place : place + 1] = bytes([rng.randrange(256)])
            case 2:
                data[place : place + 1] = bytes(byte ^ 1 << rng.randrange(8) for byte in data[place : place + 1])
            case 3 | 4:
                number = rng.choice(NUMBERS)
                data[place : place + len(number)] = number
            case 5:
                del data[place : place + length]
            case 6:
                data[place:place] = data[place : place + length]
            case 7:
                start = rng.randrange(len(other))
                data[place : place + length] = other[start : start + length]
    if rng.random() < 0.1:
        del data[rng.randrange(len(data) + 1) :]
    return bytes(data)
