"""Fetches: published models on their way into the store, one of a name at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

from photochrom.service.log import LOG
from photochrom.service.refusals import Refusal
from photochrom.service.work import Work

if TYPE_CHECKING:
    from photochrom.models import Card
    from photochrom.models.catalog import Published

MOST_AT_ONCE = 4
"""Fetches that go on at the same time; more wait."""


class Fetches:
    """All that are under way."""

    def __init__(self) -> None:
        self._under_way: dict[str, Work[Card]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, "fetches")

    def start(self, model: Published, license: str) -> Work[Card]:
        """Begins to fetch a model whose license was accepted. Raises Refusal (409), saying why not."""
        _refuse_what_may_not(model, license)
        earlier = self._under_way.get(model.name)
        if earlier and not earlier.stopping:  # one that stops gives its place in the store away within a second
            raise Refusal(
                HTTPStatus.CONFLICT,
                "under-way",
                f"{model.name} is being fetched already.",
                "Wait until that is done, or stop it there.",
            )
        work: Work[Card] = Work(f"fetch of {model.name}")
        self._under_way[model.name] = work
        LOG.info("%s begins, license accepted: %s", work.title, license)
        task = asyncio.create_task(self._fetch(model.name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return work

    async def _fetch(self, name: str, work: Work[Card]) -> None:
        from photochrom.models import store

        try:
            await work.carry_out(self._threads, lambda report: store.fetch(name, report))
        finally:
            if self._under_way.get(name) is work:
                del self._under_way[name]

    async def close(self) -> None:
        """Stops everything; returns when the threads are idle."""
        for work in self._under_way.values():
            work.cancel()
        await asyncio.gather(*self._tasks)
        self._threads.shutdown()


def _refuse_what_may_not(model: Published, license: str) -> None:
    if model.installed:
        raise Refusal(HTTPStatus.CONFLICT, "installed", f"{model.name} is installed already.", "Choose it by its name.")
    if not model.fetch:
        raise Refusal(
            HTTPStatus.CONFLICT,
            "not-fetchable",
            f"{model.name} is not to be fetched from here. {model.why_not}",
            "Then: photochrom models import FILE",
        )
    if license != model.license:
        raise Refusal(
            HTTPStatus.CONFLICT,
            "license",
            f"The license of {model.name} is “{model.license}”; what was accepted is “{license}”.",
            "Read the license that /v1/models gives, and send it if you accept it.",
        )
