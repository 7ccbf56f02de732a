"""Workers of a cluster: Dask distributes the photographs among them, and hands those of lost workers to others.

The journal stays here, with the client. Dask and its workers are the user's own, and as open as their network is:
whoever reaches a scheduler can run anything there, unless it asks for TLS certificates, which Dask's own configuration
names.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from photochrom import __version__
from photochrom.batch import cluster_task
from photochrom.batch.cluster_task import Order, Unseen
from photochrom.batch.messages import Failed, Job, Outcome, Task
from photochrom.errors import ClusterFailed, PhotochromError
from photochrom.extras import need

if TYPE_CHECKING:
    from distributed import Client, Future

    from photochrom.batch.agreements import Agreements
    from photochrom.batch.coloring import Facts
    from photochrom.batch.journal import Entry

AHEAD: Final = 2
"""So many files for each thread of the workers are under way: the next one is there when one is finished."""

ANSWERS: Final = 15
"""Seconds within which a scheduler answers."""

PATIENCE: Final = 120
"""Seconds without any worker after which none is expected any more."""

_LOOK: Final = 1.0
"""Seconds between two looks at how many workers there are."""

_POLL: Final = 0.2
"""Seconds between two looks at whether the user wants to stop."""


class ClusterWorkers:
    """The workers of the Dask scheduler at `address`: see `runner.Workers`. `model`: `Colorist.model` of the client;
    `stopping` as in `runner.Run`.

    Raises:
        ExtraMissing: Dask is not installed. ClusterFailed: there is no scheduler, or no worker, or one that has another
            version or model.
    """

    def __init__(self, address: str, job: Job, model: str, notes: Agreements, stopping: Callable[[], bool]) -> None:
        self._address, self._order, self._notes = address, Order(job, __version__, model), notes
        self._entries: dict[Future, Entry] = {}
        self._finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._threads, self._looked, self._seen = 0, 0.0, time.monotonic()
        self._client = _connected(address)
        try:
            while not self._look() and not stopping():
                time.sleep(_POLL)
            if self._threads:
                self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def in_hand(self) -> int:
        """See `runner.Workers`."""
        return len(self._entries)

    @property
    def has_room(self) -> bool:
        """See `runner.Workers`."""
        return self.in_hand < AHEAD * self._look()

    def give(self, entry: Entry, task: Task) -> None:
        """See `runner.Workers`."""
        agreed, task = self._notes.of(entry.id), task._replace(staged=task.staged.absolute())
        future = self._client.submit(cluster_task.run, self._order, entry, agreed, task, pure=False)
        self._entries[future] = entry
        future.add_done_callback(self._finished.put)

    def receive(self) -> Iterator[tuple[Entry, Outcome, Facts]]:
        """See `runner.Workers`.

        Raises:
            ClusterFailed: the scheduler, or all workers, are gone; or a worker does not see the files.
        """
        with suppress(queue.Empty):
            future = self._finished.get(timeout=_POLL)
            entry = self._entries.pop(future)
            yield (entry, *self._outcome(entry, future))
        self._look()

    def close(self) -> None:
        """See `runner.Workers`."""
        with suppress(Exception):  # The scheduler may be gone.
            self._client.cancel(list(self._entries), force=True)
        with suppress(Exception):
            self._client.close(timeout=ANSWERS)

    def _outcome(self, entry: Entry, future: Future) -> tuple[Outcome, Facts]:
        from distributed.scheduler import KilledWorker

        try:
            said = future.result()
        except KilledWorker as error:
            lost = error.allowed_failures + 1
            return Failed(
                f"{entry.source}: {lost} workers, one after the other, ended while they worked on it.",
                "Run photochrom batch --retry; if it fails again, report this, with the file.",
            ), {}
        except PhotochromError:
            raise
        except Exception as error:
            raise self._gone(str(error) or type(error).__name__) from error
        if isinstance(said, Unseen):
            return self._unseen(said), {}
        return said  # type: ignore[no-any-return]

    def _unseen(self, said: Unseen) -> Failed:
        if not said.path.exists():
            return Failed(f"There is no file {said.path}.", "Check the name and the folder.")
        raise ClusterFailed(
            f"The worker {said.worker} does not see {said.path}.",
            "Mount that folder there under the same path, or use addresses that begin with s3://. Then resume.",
        )

    def _look(self) -> int:
        """How many threads the workers have, as of lately."""
        if time.monotonic() - self._looked < _LOOK:
            return self._threads
        if self._client.status != "running":
            raise self._gone("the connection is lost")
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:
            raise self._gone(str(error) or type(error).__name__) from error
        self._looked = time.monotonic()
        if self._threads:
            self._seen = self._looked
        elif self._looked - self._seen > PATIENCE:
            raise ClusterFailed(
                f"The scheduler at {self._address} has no workers.",
                f"Start some: dask worker {self._address} --nthreads 1. Then resume.",
            )
        return self._threads

    def _gone(self, why: str) -> ClusterFailed:
        return ClusterFailed(
            f"The scheduler at {self._address} is gone: {why}.", "Start it again, and its workers. Then resume."
        )

    def _prepare(self) -> None:
        """Lets all workers load their models, at the same time."""
        for worker, said in self._client.run(cluster_task.prepare, self._order, on_error="return").items():
            if isinstance(said, PhotochromError):
                raise said
            if isinstance(said, ImportError):
                raise ClusterFailed(
                    f"The worker {worker} has no Photochrom: {said}.",
                    "Install photochrom[cluster] there, in the same version.",
                )


def _connected(address: str) -> Client:
    need("cluster", "distributed")
    from distributed import Client

    encrypted = address.startswith("tls://")
    if encrypted:
        _check_certificates(address)
    try:
        return Client(address, timeout=ANSWERS, set_as_default=False, name="photochrom")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterFailed(
            f"No Dask scheduler answers at {address}: {str(error).rstrip('.')}.",
            "Use certificates of one authority on all computers."
            if encrypted and "certificate" in str(error)
            else "Start one with: dask scheduler. It prints its address.",
        ) from error


def _check_certificates(address: str) -> None:
    """Before a client is made: one without certificates only says so after half a minute, and not in words."""
    from distributed.security import Security

    settings = Security()
    named = {
        name: path for name, path in settings.get_tls_config_for_role("client").items() if path and name != "ciphers"
    }
    way = "Set distributed.comm.tls in Dask's configuration: docs/cluster.md says how."
    try:
        found = settings.get_connection_args("client")["ssl_context"]
    except OSError as error:
        places = ", ".join(f"{name} {path}" for name, path in named.items())
        raise ClusterFailed(f"What Dask's settings name cannot be read ({places}): {error}.", way) from error
    if found is None:
        raise ClusterFailed(f"{address} needs certificates, and Dask's settings name none for its clients.", way)
