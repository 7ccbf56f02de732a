"""Whose turn it is to run a network."""

from __future__ import annotations

import threading
import time

import pytest
from photochrom.errors import Cancelled
from photochrom.progress import silent
from photochrom.service.turns import Turns


def begun(work) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_job_that_waits_is_before_the_next_photograph_of_a_batch() -> None:
    turns, order, photograph_runs = Turns(), [], threading.Event()

    def batch() -> None:
        for number in range(2):
            with turns.of_batch():
                order.append(f"photograph {number}")
                photograph_runs.set()
                while number == 0 and not turns.wanted:
                    time.sleep(0.001)

    def job() -> None:
        photograph_runs.wait()
        with turns.of_job(silent):
            order.append("job")

    for thread in [begun(batch), begun(job)]:
        thread.join(10)
    assert order == ["photograph 0", "job", "photograph 1"]
    assert not turns.wanted


def test_one_runs_at_a_time() -> None:
    turns, inside, most = Turns(), [], []

    def job() -> None:
        with turns.of_job(silent):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    for thread in [begun(job) for _ in range(5)]:
        thread.join(10)
    assert most == [1] * 5


def test_a_job_is_cancelled_while_it_waits() -> None:
    turns = Turns()

    def cancelled(_fraction: float, message: str) -> None:
        assert message == "Waiting"
        raise Cancelled

    with turns.of_batch(), pytest.raises(Cancelled), turns.of_job(cancelled):
        pass
    assert not turns.wanted
    with turns.of_batch():
        pass
