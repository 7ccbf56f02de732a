"""Work that goes on in a thread while clients follow its events; when the last of them goes away, it stops."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from photochrom.errors import Cancelled, PhotochromError
from photochrom.service.log import LOG
from photochrom.service.refusals import in_json, internal, no_memory

if TYPE_CHECKING:
    from photochrom.progress import Progress

HEARTBEAT = 1.0
"""Seconds after which an event is sent even when nothing has changed: it shows the client that we live."""

ORPHANED = 10.0
"""Seconds that work goes on without anybody following it before it is cancelled."""

Made = TypeVar("Made")


class Work(Generic[Made]):
    """One piece of work; `made` is what came of it. Everything but the cancelling is touched by the event loop's thread
    alone. `title` names it in the log."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.state = "waiting"
        self.progress = 0.0
        self.message = "Waiting"
        self.error: PhotochromError | None = None
        self.made: Made | None = None
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
        """Cancelled, though it may go on until its next step."""
        return self._stop.is_set()

    def check(self) -> None:
        """For any thread. Raises Cancelled."""
        if self.stopping:
            raise Cancelled

    def cancel(self) -> None:
        """Work that waits is over at once, work that goes on at its next step; what was made is let go."""
        self._stop.set()
        if self.state in {"waiting", "done"}:
            self.end("cancelled")

    def end(self, state: str, error: PhotochromError | None = None) -> None:
        self.state, self.error = state, error
        if state == "done":
            self.progress = 1.0
        else:
            self.made = None
        self._wake()

    def event(self) -> dict[str, Any]:
        """What a follower is told."""
        event: dict[str, Any] = {"state": self.state, "progress": self.progress, "message": self.message}
        if self.error:
            event["error"] = in_json(self.error)
        return event

    async def carry_out(self, threads: Executor, do: Callable[[Progress], Made]) -> None:
        """Runs `do` in one of `threads`; returns when the work is over, however it ended."""
        loop = asyncio.get_running_loop()
        loop.call_later(ORPHANED, self._cancel_orphan)

        def report(fraction: float, message: str) -> None:
            self.check()
            loop.call_soon_threadsafe(self._tell, fraction, message)

        def start() -> Made:
            report(0.0, "Starting")
            return do(report)

        try:
            self.made = await loop.run_in_executor(threads, start)
            self.check()
            self.end("done")
        except Cancelled:
            self.end("cancelled")
        except PhotochromError as error:
            self.end("failed", error)
        except MemoryError:
            self.end("failed", no_memory())
        except Exception:
            LOG.exception("%s failed", self.title)
            self.end("failed", internal())
        finally:
            LOG.info("%s %s", self.title, self.state)
            if self.error:
                LOG.warning("%s: %s", self.title, self.error)

    async def follow(self) -> AsyncIterator[bytes]:
        """NDJSON: the events up to the end. When the last follower goes away before that, the work stops."""
        changed = asyncio.Event()
        self._followers.add(changed)
        try:
            while True:
                changed.clear()
                # Asked before the event is sent: the work may end while it is, and then its end is still to be told.
                told = self.over
                yield json.dumps(self.event(), ensure_ascii=False).encode() + b"\n"
                if told:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
        finally:
            self._followers.discard(changed)
            self._cancel_orphan()

    def _cancel_orphan(self) -> None:
        if not self._followers and not self.over:
            self.cancel()

    def _tell(self, progress: float, message: str) -> None:
        if not self.over:
            self.state, self.progress, self.message = "running", progress, message
            self._wake()

    def _wake(self) -> None:
        for follower in self._followers:
            follower.set()
