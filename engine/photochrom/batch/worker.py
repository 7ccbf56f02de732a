"""A process that reads photographs and writes their color versions; their colors come from the runner.

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
from multiprocessing import connection
from typing import TYPE_CHECKING, Final

from photochrom.batch.disk import is_of_disk
from photochrom.batch.messages import GRAY, Coloring, Failed, FromWorker, Guide, Job, Refusal, Skipped, Task, Written
from photochrom.errors import BadPicture, OutputFailed, PhotochromError

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
    while (task := pipe.recv()) is not None:
        pipe.send(_outcome(pipe, job, task))


def _end_with_parent() -> None:
    """Ends this process as soon as the runner is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _outcome(pipe: connection.Connection, job: Job, task: Task) -> FromWorker:
    try:
        return _colorize(pipe, job, task)
    except OutputFailed as error:
        return Failed(error.cause, error.next_step, is_of_disk(error, task.staged.parent))
    except PhotochromError as error:
        return Failed(error.cause, error.next_step)
    except EOFError:
        raise  # The runner is gone.
    except MemoryError:
        return Failed(f"{task.source} needs more memory than there is.", "Colorize it alone, with --jobs 1.")
    except Exception as error:  # A file that a decoder stumbles over in a way that we did not foresee.
        return Failed(f"{task.source}: {type(error).__name__}: {error}", "Report this, with the file.")


def _colorize(pipe: connection.Connection, job: Job, task: Task) -> FromWorker:
    from photochrom import __version__
    from photochrom.batch.already_color import is_color
    from photochrom.batch.reading import guide_of, lab_of, open_held
    from photochrom.batch.sealing import Sealing
    from photochrom.image.files import write_picture
    from photochrom.image.mark import Mark
    from photochrom.image.tone_seal import seal
    from photochrom.sampling.upsampling import Coefficients

    settings = job.settings
    started = time.perf_counter()
    before = _sha256(task.source)
    picture = open_held(task.source, task.page or None)
    lab = None if settings.include_color else lab_of(picture)
    if lab is not None and is_color(lab):
        return Skipped(IN_COLOR, before)
    guide = guide_of(picture, task.guide_side)
    waiting = time.perf_counter()
    pipe.send(Guide(guide))
    answer: Coloring | Refusal = pipe.recv()
    waited = time.perf_counter() - waiting
    if isinstance(answer, Refusal):
        return Failed(answer.cause, answer.next_step)
    colors = Sealing(Coefficients(answer.coefficients), picture.height, picture.width)
    notes = write_picture(
        picture,
        colors,
        task.staged,
        mark=Mark(answer.colorizer, __version__, job.made) if settings.mark and answer.colorizer != GRAY else None,
        profile=settings.profile,
        encoding=settings.encoding,
    )
    if _sha256(task.source) != before:
        task.staged.unlink()
        return Failed(f"{task.source} changed while it was read.", "Run photochrom batch --retry.")
    tones = colors.seal or seal(picture)
    result = _sha256(task.staged)
    size = task.staged.stat().st_size
    seconds = time.perf_counter() - started - waited
    return Written(
        width=picture.width,
        height=picture.height,
        notes=(*picture.notes, *notes),
        source_sha256=before,
        tones_sha256=tones,
        result_sha256=result,
        result_bytes=size,
        seconds=seconds,
    )


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
