"""`python -m tests.chaos`: very many attempts of each part, or as many as asked for, and the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # where pytest finds what tests share

from small_disk import Unavailable

from . import table
from .parts import PARTS
from .table import Row

FULL = dict(zip(PARTS, (500, 300, 50_000, 50_000, 2_000, 2_000, 200), strict=True))

OFTEN = 60.0
"""Seconds between two words of how far it is."""


def main() -> int:
    """Prints what each part found as soon as it is done, or stopped by Ctrl-C; 1 where anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    for name, times in FULL.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=times, metavar="TIMES", help=f"{times:,}")
    parser.add_argument("--seed", type=int, default=1907)
    asked = parser.parse_args()
    rows = []
    for name, run in PARTS.items():
        if times := getattr(asked, name):
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="photochrom-chaos-") as folder:
                try:
                    row = last(run(Path(folder), times, asked.seed), times)
                except Unavailable as error:
                    print(f"{name}: left out, {error}")
                    continue
            rows.append(row)
            print(f"{name}: {time.monotonic() - began:.0f} s", *table.lines([row]), sep="\n", flush=True)
            if row.tried < times:
                break
    print(*table.lines(rows), sep="\n")
    return any(row.faults for row in rows)


def last(found: Iterator[Row], times: int) -> Row:
    """What a part found in the end, or until Ctrl-C, saying on the way how far it is."""
    row, said = Row("nothing"), time.monotonic()
    with closing(found):
        try:
            for row in found:
                if time.monotonic() - said > OFTEN:
                    said = time.monotonic()
                    print(f"{row.what}: {row.tried:,} of {times:,}, {len(row.faults)} faults", flush=True)
        except KeyboardInterrupt:
            print("Stopped.", flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
