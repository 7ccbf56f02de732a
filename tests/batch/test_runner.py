"""A run beside other work: held for a while, and in its turns with the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from photochrom.batch import opening
from photochrom.batch.plan import Patterns
from photochrom.batch.runner import Run
from photochrom.batch.settings import Settings


def test_a_held_run_begins_nothing_goes_on_later_and_takes_a_turn_for_each_photograph(write, tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / "scans" / f"{number}.png", number)
    out = tmp_path / "colored"
    held, turns, done_while_held = threading.Event(), [], set()

    @contextmanager
    def turn() -> Iterator[None]:
        turns.append(journal.counts()["running"])
        yield

    def holding() -> bool:
        if held.is_set():
            done_while_held.add(journal.counts()["done"])
        return held.is_set()

    with opening.planned([tmp_path / "scans"], out, Settings(), Patterns()) as (journal, _plan):
        run = Run(out, journal, 1, lambda: False, holding, turn)
        with closing(iter(run)) as finished:
            next(finished)
            held.set()
            threading.Timer(2, held.clear).start()
            assert [entry.state for entry in finished] == ["done"] * 3
    assert done_while_held == {1}
    assert turns == [1] * 4
