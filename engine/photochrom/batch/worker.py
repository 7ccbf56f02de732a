"""Reads photographs and writes their color versions, in a process of its own; their colors come from the runner.

Processes, not threads: in one process the interpreter lock lets the arithmetic of a second photograph use only what
the first leaves, measured on two cores as one core's work; and a decoder that a damaged file crashes takes nothing
with it. The network stays in the runner, so its weights are in memory once.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import connection
from typing import TYPE_CHECKING, Final

from photochrom.batch import stores
from photochrom.batch.disk import is_of_disk
from photochrom.batch.messages import (
    GRAY,
    Coloring,
    Failed,
    Guide,
    Job,
    Outcome,
    Refusal,
    Seen,
    Skipped,
    Task,
    Written,
)
from photochrom.batch.publishing import taken
from photochrom.errors import BadPicture, ModelDamaged, ModelMissing, OutputFailed, PhotochromError

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT: Final = {"VIPS_CONCURRENCY": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Of a worker's process: there is one for each core, so none has threads that compute; and glibc keeps what is freed in
one place, which takes two thirds of the memory."""

REFUSED: Final = (signal.SIGINT, signal.SIGTERM)
"""Signals that a worker does not heed: the runner decides what becomes of what is in flight."""

IN_COLOR: Final = "in color already"
"""Why a photograph is skipped."""


def work(pipe: connection.Connection, job: Job) -> None:
    """Takes tasks from the pipe until it gets None, and answers each: see `messages`. The process's main function."""
    for each in REFUSED:
        signal.signal(each, signal.SIG_IGN)
    _end_with_parent()
    import pyvips

    pyvips.cache_set_max(0)

    def ask(guide: Guide) -> Coloring | Refusal | Seen:
        pipe.send(guide)
        answer: Coloring | Refusal | Seen = pipe.recv()
        return answer

    while (task := pipe.recv()) is not None:
        pipe.send(colorize(job, task, ask))


def _end_with_parent() -> None:
    """Ends this process as soon as the runner is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


Ask = Callable[[Guide], Coloring | Refusal | Seen]
"""What gives a photograph its colors."""


def colorize(job: Job, task: Task, ask: Ask) -> Outcome | Seen:
    """Colorizes one photograph, wherever it lies and wherever its result goes.

    Raises:
        EOFError: from `ask`, where the runner is gone. ModelMissing, ModelDamaged: from `ask`.
    """
    if job.settings.store is None:
        return _colorize(job, task, ask)
    with stores.room() as folder:
        return _colorize(job, task._replace(staged=folder / task.staged.name), ask)


def _colorize(job: Job, task: Task, ask: Ask) -> Outcome | Seen:
    try:
        with stores.local(task.source) as path:
            return _colorize_file(job, task, path, ask)
    except OutputFailed as error:
        return _unwritten(error, task)
    except (EOFError, ModelMissing, ModelDamaged):
        raise
    except PhotochromError as error:
        return Failed(error.cause, error.next_step)
    except MemoryError:
        return Failed(f"{task.source} needs more memory than there is.", "Colorize it alone, with --jobs 1.")
    except Exception as error:  # A file that a decoder stumbles over in a way that we did not foresee.
        return Failed(f"{task.source}: {type(error).__name__}: {error}", "Report this, with the file.")


def _unwritten(error: OutputFailed, task: Task) -> Failed:
    if isinstance(error, stores.StoreFailed):
        return Failed(error.cause, error.next_step, blameless=True)
    if is_of_disk(error, task.staged.parent):
        return Failed(error.cause, "Make room on the disk or reconnect it, then resume.", blameless=True)
    return Failed(error.cause, error.next_step)


# Long, since each step of a photograph can be its last.
def _colorize_file(job: Job, task: Task, path: Path, ask: Ask) -> Outcome | Seen:
    """Of the photograph in the file `path`."""
    from photochrom import __version__
    from photochrom.batch.already_color import is_color
    from photochrom.batch.content_credentials import credentials
    from photochrom.batch.reading import guide_of, lab_of, open_held
    from photochrom.batch.sealing import Sealing
    from photochrom.image.files import write_picture
    from photochrom.image.mark import Mark
    from photochrom.image.tone_seal import seal
    from photochrom.sampling.upsampling import Coefficients

    settings = job.settings
    started = time.perf_counter()
    before = _sha256(path)
    picture = open_held(path, task.page or None)
    lab = None if settings.include_color else lab_of(picture)
    if lab is not None and is_color(lab):
        return Skipped(IN_COLOR, before)
    guide = guide_of(picture, task.guide_side)
    waiting = time.perf_counter()
    answer = ask(Guide(guide))
    waited = time.perf_counter() - waiting
    if isinstance(answer, Seen):
        return answer
    if isinstance(answer, Refusal):
        return Failed(answer.cause, answer.next_step)
    colors = Sealing(Coefficients(answer.coefficients), picture.height, picture.width)
    notes = write_picture(
        picture,
        colors,
        task.staged,
        mark=Mark(answer.colorizer, __version__, job.made, answer.given)
        if settings.mark and answer.colorizer != GRAY
        else None,
        profile=settings.profile,
        encoding=settings.encoding,
    )
    if settings.c2pa_key and settings.c2pa_certificate and answer.colorizer != GRAY:
        signer = credentials(settings.c2pa_key, settings.c2pa_certificate)
        signer.sign(task.staged, path, before, answer.colorizer)
    if _sha256(path) != before:
        task.staged.unlink()
        return Failed(f"{task.source} changed while it was read.", "Run photochrom batch --retry.")
    tones = colors.seal or seal(picture)
    stored = _stored(job, task, before)
    if isinstance(stored, Failed):
        return stored
    return Written(
        staged=task.staged.name,
        width=picture.width,
        height=picture.height,
        notes=(*picture.notes, *notes),
        source_sha256=before,
        tones_sha256=tones,
        result_sha256=stored.sha256,
        result_bytes=stored.bytes,
        seconds=time.perf_counter() - started - waited,
    )


def _stored(job: Job, task: Task, scan: str) -> stores.Stored | Failed:
    """What is staged, put into the batch's store if it has one."""
    store = job.settings.store
    if store is None:
        return stores.Stored(_sha256(task.staged), task.staged.stat().st_size)
    place = store / task.output
    try:
        return stores.put(task.staged, place, _origin(job, task, scan), task.replaces)
    except FileExistsError:
        return Failed(*taken(place))


def _origin(job: Job, task: Task, scan: str) -> str:
    """What tells a result from all others: its photograph, of SHA-256 `scan`, in this batch, by this version."""
    from photochrom import __version__

    said = (__version__, job.made.isoformat(), job.settings.as_json(), str(task.output), scan, task.wanted)
    return hashlib.sha256(repr(said).encode(errors="surrogateescape")).hexdigest()


def _sha256(path: Path) -> str:
    """Of a file, lower-case hexadecimal.

    Raises:
        BadPicture: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadPicture(f"{path} cannot be read: {error.strerror}.", "Check the disk and the name.") from error
