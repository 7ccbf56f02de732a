"""Tasks: each runs in a worker thread while clients stream its events, and stops when the last of them disconnects."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from photochrom.errors import Cancelled, PhotochromError
from photochrom.service.error_responses import answer_to, as_json
from photochrom.service.log import LOG

if TYPE_CHECKING:
    from photochrom.progress import Progress

HEARTBEAT = 1.0
"""Seconds between events when nothing changes: they show the client that the engine is alive."""

ORPHANED = 10.0
"""Seconds that a task runs without a follower before it is cancelled."""

Result = TypeVar("Result")


class Task(Generic[Result]):
    """One task; `result` is None until it is done. `title` names it in the log.

    `state` is "waiting", "running", "done", "failed" or "cancelled". Only the event loop's thread changes a task;
    `check` may be called from any.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.state = "waiting"
        self.progress = 0.0
        self.message = "Waiting"
        self.error: PhotochromError | None = None
        self.result: Result | None = None
        self._followers: set[asyncio.Event] = set()
        self._stop = threading.Event()

    @property
    def over(self) -> bool:
        return self.state in {"done", "failed", "cancelled"}

    @property
    def followed(self) -> bool:
        return bool(self._followers)

    @property
    def stopping(self) -> bool:
        """Cancelled, though it may run until its next step."""
        return self._stop.is_set()

    def check(self) -> None:
        """For any thread. Raises Cancelled."""
        if self.stopping:
            raise Cancelled

    def cancel(self) -> None:
        """Ends a waiting task at once and a running one at its next step; drops the result of one that is done."""
        self._stop.set()
        if self.state in {"waiting", "done"}:
            self.end("cancelled")

    def end(self, state: str, error: PhotochromError | None = None) -> None:
        self.state, self.error = state, error
        if state == "done":
            self.progress = 1.0
        else:
            self.result = None
        self._wake()

    def event(self) -> dict[str, Any]:
        """The task's state as an event: see `messages.Event`."""
        event: dict[str, Any] = {"state": self.state, "progress": self.progress, "message": self.message}
        if self.error:
            event["error"] = as_json(self.error)
        return event

    async def run(self, threads: Executor | None, function: Callable[[Progress], Result]) -> None:
        """Calls `function` in one of `threads` (None: the event loop's own); returns when the
        task is over, however it ended."""
        loop = asyncio.get_running_loop()
        # In two halves: when the computer stood still in between, a follower may wait to be let in.
        loop.call_later(ORPHANED / 2, lambda: loop.call_later(ORPHANED / 2, self._cancel_orphan))

        def report(fraction: float, message: str) -> None:
            self.check()
            loop.call_soon_threadsafe(self._update, fraction, message)

        def start() -> Result:
            report(0.0, "Starting")
            return function(report)

        try:
            self.result = await loop.run_in_executor(threads, start)
            self.check()
            self.end("done")
        except Cancelled:
            self.end("cancelled")
        except PhotochromError as error:
            self.end("failed", error)
        except Exception as error:
            LOG.exception("%s failed", self.title)
            self.end("failed", answer_to(error))
        finally:
            LOG.info("%s %s", self.title, self.state)
            if self.error:
                LOG.warning("%s: %s", self.title, self.error)

    async def events(self) -> AsyncGenerator[bytes]:
        """NDJSON: an event at every change and every `HEARTBEAT`, up to the end of the task. The task is cancelled when
        its last follower disconnects before that."""
        changed = asyncio.Event()
        self._followers.add(changed)
        try:
            while True:
                changed.clear()
                # Read before the event is sent: the task may end meanwhile, and then one more event is due.
                over = self.over
                yield json.dumps(self.event(), ensure_ascii=False).encode() + b"\n"
                if over:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
        finally:
            self._followers.discard(changed)
            self._cancel_orphan()

    def _cancel_orphan(self) -> None:
        if not self._followers and not self.over:
            self.cancel()

    def _update(self, progress: float, message: str) -> None:
        if not self.over:
            self.state, self.progress, self.message = "running", progress, message
            self._wake()

    def _wake(self) -> None:
        for follower in self._followers:
            follower.set()
