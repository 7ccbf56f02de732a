"""Tasks by themselves, without the engine around them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator

import pytest
from photochrom.progress import Progress
from photochrom.service.tasks import Task

ORPHANED = 0.4


@pytest.fixture(autouse=True)
def orphaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photochrom.service.tasks.ORPHANED", ORPHANED)


def patient(report: Progress) -> str:
    """Works for longer than a task is kept without a follower."""
    until = time.monotonic() + 4 * ORPHANED
    while time.monotonic() < until:
        report(0.5, "Working")
        time.sleep(0.01)
    return "done"


async def followed(task: Task[str]) -> None:
    # One turn of the loop each, as the parts of the engine that a request goes through.
    for _ in range(10):
        await asyncio.sleep(0)
    events: AsyncGenerator[bytes] = task.events()
    async for _ in events:
        pass


def test_a_task_that_nobody_follows_is_cancelled() -> None:
    task: Task[str] = Task("a task")
    asyncio.run(task.run(None, patient))
    assert task.state == "cancelled"


def test_a_computer_that_stood_still_takes_no_task_from_its_follower() -> None:
    async def both(task: Task[str]) -> None:
        running = asyncio.create_task(task.run(None, patient))
        await asyncio.sleep(0)
        time.sleep(2 * ORPHANED)  # the loop, too: nobody is let in
        await asyncio.gather(running, followed(task))

    task: Task[str] = Task("a task")
    asyncio.run(asyncio.wait_for(both(task), 60))
    assert task.state == "done"
