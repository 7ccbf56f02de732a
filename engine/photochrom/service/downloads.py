"""Downloads of published models into the store, one at a time for each model."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

from photochrom.service.error_responses import ErrorResponse
from photochrom.service.log import LOG
from photochrom.service.tasks import Task

if TYPE_CHECKING:
    from photochrom.models import Card
    from photochrom.models.catalog import Published

MAX_AT_ONCE = 4
"""Downloads that run at the same time; more wait."""


class Downloads:
    """All running downloads."""

    def __init__(self) -> None:
        self._running: dict[str, Task[Card]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(MAX_AT_ONCE, "downloads")

    def start(self, model: Published, license: str) -> Task[Card]:
        """Starts to download a model; `license` is the one that the user accepted. Raises ErrorResponse (409)."""
        _check_allowed(model, license)
        earlier = self._running.get(model.name)
        if earlier and not earlier.stopping:  # one that is stopping releases its lock in the store within a second
            raise ErrorResponse(
                HTTPStatus.CONFLICT,
                "under-way",
                f"{model.name} is already being downloaded.",
                "Wait until that is done, or stop it there.",
            )
        task: Task[Card] = Task(f"fetch of {model.name}")
        self._running[model.name] = task
        LOG.info("%s starts, license accepted: %s", task.title, license)
        running = asyncio.create_task(self._run(model.name, task))
        self._tasks.add(running)
        running.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, name: str, task: Task[Card]) -> None:
        from photochrom.models import store

        try:
            await task.run(self._threads, lambda report: store.fetch(name, report))
        finally:
            if self._running.get(name) is task:
                del self._running[name]

    async def close(self) -> None:
        """Cancels all downloads; returns when the threads are idle."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._tasks)
        self._threads.shutdown()


def _check_allowed(model: Published, license: str) -> None:
    if model.installed:
        raise ErrorResponse(
            HTTPStatus.CONFLICT, "installed", f"{model.name} is already installed.", "Choose it by its name."
        )
    if not model.fetch:
        raise ErrorResponse(
            HTTPStatus.CONFLICT,
            "not-fetchable",
            f"{model.name} cannot be downloaded from here. {model.why_not}",
            "Then: photochrom models import FILE",
        )
    if license != model.license:
        raise ErrorResponse(
            HTTPStatus.CONFLICT,
            "license",
            f"The license of {model.name} is “{model.license}”, but “{license}” was accepted.",
            "Read the license that /v1/models lists, and send it if you accept it.",
        )
