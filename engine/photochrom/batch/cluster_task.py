"""What a worker of a cluster does with one photograph: all of it, with a model of its own.

Dask starts workers, and imports this there. A worker that is retired or lost may have begun a photograph that another
one takes over: each writes a file of its own, or puts a result that the store takes once.
"""

from __future__ import annotations

import os
import threading
import uuid
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from photochrom.errors import ClusterFailed

if TYPE_CHECKING:
    from photochrom.batch.agreements import Agreed
    from photochrom.batch.coloring import Colorist, Facts
    from photochrom.batch.journal import Entry
    from photochrom.batch.messages import Coloring, Guide, Job, Outcome, Refusal, Task
    from photochrom.batch.settings import Settings

_NETWORK: Final = threading.Lock()
"""Threads of a worker read and write at the same time, but share its network."""


class Order(NamedTuple):
    """What is the same for all workers: the job, and the version and the model (`Coloring.model`) of the client."""

    job: Job
    version: str
    model: str


class Unseen(NamedTuple):
    """A path of the client that `worker` does not see."""

    path: Path
    worker: str


def prepare(order: Order) -> None:
    """Loads the worker's model, so that the first photograph need not wait for it.

    Raises:
        ClusterFailed: it has another version or another model than the client. ModelMissing, ModelDamaged: it cannot
            load it.
    """
    from photochrom import __version__

    os.environ.setdefault("VIPS_CONCURRENCY", "1")  # before libvips is loaded: there is a worker for each core
    if order.version != __version__:
        raise ClusterFailed(
            f"The worker {_worker()} has Photochrom {__version__}, this is {order.version}.",
            "Install the same version on all of them.",
        )
    with _NETWORK:
        colorist = _colorist(order.job.settings)
        colorist.guide_side()
        model = colorist.model()
    if model != order.model:
        raise ClusterFailed(
            f"The worker {_worker()} has other files of the model {order.job.settings.colorizer}.",
            "Install the same model on all of them.",
        )


def run(order: Order, entry: Entry, agreed: Agreed, task: Task) -> tuple[Outcome, Facts] | Unseen:
    """Colorizes one photograph; `agreed`: what its album agreed on.

    Raises:
        ClusterFailed, ModelMissing, ModelDamaged: as `prepare`.
    """
    from photochrom.batch.messages import Failed, Seen
    from photochrom.batch.worker import colorize

    prepare(order)  # nothing to do, but on a worker that joined later
    for path in _needed(order.job.settings, task):
        if not path.exists():
            return Unseen(path, _worker())
    facts: dict[str, Any] = {}

    def ask(guide: Guide) -> Coloring | Refusal:
        answer, found = _colorist(order.job.settings).color(entry, guide, agreed)
        facts.update(found)
        return answer

    staged = task.staged.with_stem(f"{task.staged.stem}-{uuid.uuid4().hex}")
    try:
        said = colorize(order.job, task._replace(staged=staged), ask)
        assert not isinstance(said, Seen)  # nobody said that the guide is all
        return said, facts
    except EOFError as error:  # of a decoder
        return Failed(f"{task.source}: {type(error).__name__}: {error}", "Report this, with the file."), {}


def _needed(settings: Settings, task: Task) -> list[Path]:
    """Paths of the client that a worker has to see."""
    needed = [task.staged.parent] if settings.store is None else []
    if settings.profile is not None and os.path.isabs(settings.profile):
        needed.append(Path(settings.profile))
    return [*needed, *([task.source] if isinstance(task.source, Path) else [])]


@lru_cache(maxsize=4)
def _colorist(settings: Settings) -> Colorist:
    from photochrom.batch.coloring import Colorist

    return Colorist(settings, turn=lambda: _NETWORK)


def _worker() -> str:
    from distributed import get_worker

    return str(get_worker().address)
