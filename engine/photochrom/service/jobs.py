"""Jobs: a layer's colors, predicted in a worker thread; then its pixels, computed in strips while they are read."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from photochrom.errors import Cancelled
from photochrom.service.error_responses import ErrorResponse, answer_to
from photochrom.service.guard import StreamBrokenError
from photochrom.service.layers import Layer
from photochrom.service.log import LOG
from photochrom.service.tasks import Task
from photochrom.service.turns import Turns
from photochrom_client.protocol import BLEND, PIXEL_BYTES, PixelForm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from photochrom.image.layer import LabStrips, LayerPixels, SampleStrips
    from photochrom.options import Options
    from photochrom.pipeline import Colors
    from photochrom.pipeline.recoloring import Object, Recolored
    from photochrom.progress import Progress

MAX_OPEN = 32
"""Jobs waiting or running at once."""

MAX_OF_A_LAYER = 64
"""Finished jobs kept for one layer; a dialog starts a new one with every change."""

STRIP_BYTES = 4 * 1024 * 1024


class Picture(NamedTuple):
    """A small picture: `pixels` are 8 bit, row by row, `bands` per pixel."""

    width: int
    height: int
    bands: int
    pixels: bytes


class Job(Task["tuple[LayerPixels, Colors | Recolored]"]):
    """One job: colors for a layer or, where an object is `wanted`, for that object only. Canceling a finished job stops
    its pixels."""

    def __init__(self, layer: Layer, options: Options, wanted: Object | None) -> None:
        self.id = secrets.token_hex(8)
        super().__init__(f"job {self.id}")
        self.layer = layer
        self.options = options
        self.wanted = wanted

    def event(self) -> dict[str, Any]:
        return super().event() | (_describe(self.result[1]) if self.result else {})

    def finished(self) -> tuple[LayerPixels, Colors | Recolored]:
        """The result. Raises ErrorResponse (409) with the reason while there is none."""
        if self.error:
            raise ErrorResponse(HTTPStatus.CONFLICT, self.error.code, self.error.cause, self.error.next_step)
        if self.result is None:
            raise ErrorResponse(
                HTTPStatus.CONFLICT,
                "cancelled" if self.state == "cancelled" else "not-done",
                f"The job is {self.state}.",
                "Start a new one." if self.over else "Follow its events until it is done.",
            )
        return self.result


class Jobs:
    """All jobs, the one thread that predicts colors, in its turn with a batch, and the few that compute strips."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Every job uses all cores by itself: a second one at the same time would make both slower.
        self._predicting = ThreadPoolExecutor(1, "colors")
        self._composing = ThreadPoolExecutor(4, "strips")
        self.last_ended = time.monotonic()

    @property
    def open(self) -> int:
        return sum(not job.over for job in self._jobs.values())

    def get(self, job_id: str) -> Job:
        """Raises ErrorResponse (404)."""
        job = self._jobs.get(job_id)
        if job is None:
            raise ErrorResponse(
                HTTPStatus.NOT_FOUND,
                "job-gone",
                "The engine no longer has this job.",
                "Start a new one: jobs are deleted with their layer.",
            )
        job.layer.used = time.monotonic()
        return job

    def start(self, layer: Layer, options: Options, wanted: Object | None = None) -> Job:
        """Raises ErrorResponse (429) when too many are waiting."""
        if self.open >= MAX_OPEN:
            raise ErrorResponse(
                HTTPStatus.TOO_MANY_REQUESTS, "busy", "Too many jobs are waiting.", "Wait until some are done."
            )
        self._forget_old(layer)
        job = Job(layer, options, wanted)
        self._jobs[job.id] = job
        LOG.info("%s starts: %s", job.title, job.options)
        task = asyncio.create_task(self._run(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _run(self, job: Job) -> None:
        with self._at_work(job):
            await job.run(self._predicting, lambda report: self._colors(job, report))

    @contextmanager
    def _at_work(self, job: Job) -> Iterator[None]:
        try:
            with job.layer.in_use():
                yield
        finally:
            self.last_ended = time.monotonic()

    async def events(self, job: Job) -> AsyncIterator[bytes]:
        """See `Task.events`. Up to the last one its layer is in use: the client has not heard of the result yet."""
        with job.layer.in_use():
            async with aclosing(job.events()) as events:
                async for event in events:
                    yield event

    def _colors(self, job: Job, report: Progress) -> tuple[LayerPixels, Colors | Recolored]:
        """Runs in the predicting thread."""
        from photochrom.pipeline import predict
        from photochrom.pipeline.recoloring import recolor_object

        pixels, proxy = job.layer.pixels(), job.layer.proxy
        try:
            with self._turns.of_job(report):
                if job.wanted:
                    return pixels, recolor_object(proxy, job.options, job.wanted, report)
                return pixels, predict(proxy, job.options, report)
        finally:
            job.layer.let_go()

    async def preview(self, job: Job) -> Picture:
        """The result in sRGB, with alpha where it is a single object. Raises ErrorResponse (409)."""
        _, colors = job.finished()
        with job.layer.in_use():
            return await asyncio.get_running_loop().run_in_executor(self._composing, _small, colors)

    async def doubt(self, job: Job) -> Picture:
        """A heat map of doubt, sRGB and alpha. Raises ErrorResponse (409)."""
        from photochrom.pipeline.uncertainty import heat_map

        colors, layer = _of_a_photograph(job), job.layer
        known = layer.known
        with layer.in_use():
            return await asyncio.get_running_loop().run_in_executor(
                self._predicting, lambda: _picture(heat_map(layer.proxy, colors, job.options, known))
            )

    async def paint_first(self, job: Job) -> Picture:
        """A mask of where hints would help most. Raises ErrorResponse (409)."""
        from photochrom.pipeline.uncertainty import paint_first

        colors, layer = _of_a_photograph(job), job.layer
        known = layer.known
        with layer.in_use():
            return await asyncio.get_running_loop().run_in_executor(
                self._predicting, lambda: _picture(paint_first(layer.proxy, colors, job.options, known))
            )

    async def composer(self, job: Job, form: PixelForm) -> LabStrips | SampleStrips:
        """What computes the result's pixels, in this form if it can. Raises ErrorResponse (409)."""
        pixels, colors = job.finished()
        form = form if job.layer.can_encode() else "lab"
        with job.layer.in_use():
            return await asyncio.get_running_loop().run_in_executor(self._composing, _composer, pixels, colors, form)

    async def strips(self, job: Job, composer: LabStrips | SampleStrips) -> AsyncIterator[bytes]:
        """The result from top to bottom: one strip is computed while the one before it is sent."""
        height, row = job.layer.height, PIXEL_BYTES[composer.form] * job.layer.width
        loop = asyncio.get_running_loop()
        rows = max(1, STRIP_BYTES // row)
        sent = 0
        try:
            with self._at_work(job):
                tops = range(0, height, rows)
                coming = loop.run_in_executor(self._composing, composer.strip, tops[0], rows)
                for following in [*tops[1:], None]:
                    strip = await coming
                    job.check()
                    if following is not None:
                        coming = loop.run_in_executor(self._composing, composer.strip, following, rows)
                    yield strip
                    job.layer.let_go()
                    sent += len(strip) // row
        except Cancelled:
            raise StreamBrokenError(f"job {job.id} was canceled") from None
        except Exception as error:
            LOG.exception("pixels of job %s failed", job.id)
            job.end("failed", answer_to(error))
            raise StreamBrokenError(f"job {job.id} failed") from error
        finally:
            del composer  # When the client is gone, the traceback of what ended this keeps its frame for long.
            LOG.info("job %s: %d of %d rows read", job.id, sent, height)

    def forget(self, layer: Layer) -> None:
        """Cancels and deletes all jobs of a layer."""
        for job in [job for job in self._jobs.values() if job.layer is layer]:
            job.cancel()
            del self._jobs[job.id]

    async def close(self) -> None:
        """Cancels all jobs; returns when the threads are idle."""
        for job in self._jobs.values():
            job.cancel()
        await asyncio.gather(*self._tasks)
        self._predicting.shutdown()
        self._composing.shutdown()

    def _forget_old(self, layer: Layer) -> None:
        done = [job for job in self._jobs.values() if job.layer is layer and job.over and not job.followed]
        for job in done[: max(0, len(done) - MAX_OF_A_LAYER + 1)]:
            del self._jobs[job.id]


def _describe(made: Colors | Recolored) -> dict[str, Any]:
    """What a job's last event adds: see `messages.JobEvent`."""
    from photochrom.colorizers import available
    from photochrom.pipeline.recoloring import Recolored

    if isinstance(made, Recolored):
        return {"colorizer": made.colorizer, "suggestions": [asdict(each) for each in made.suggestions]}
    names = {*made.scores, *made.colorizer.split(BLEND)}
    titles = {card.name: card.title for card in available() if card.name in names}
    shares = {"colorizer": made.colorizer, "scores": made.scores, "titles": titles}
    return {**shares, "title": made.title, "variants": made.variants, "noticed": made.noticed}


def _composer(pixels: LayerPixels, made: Colors | Recolored, form: PixelForm) -> LabStrips | SampleStrips:
    from photochrom.image.layer import LabStrips, SampleStrips, has_samples
    from photochrom.pipeline import Colors

    if isinstance(made, Colors) and has_samples(pixels.space, form):
        return SampleStrips(pixels, made.at_full_size(pixels.height, pixels.width), form)
    lightness = pixels.finite_lightness()
    return LabStrips(pixels, made.full_ab(lightness), made.full_mask(lightness))


def _small(made: Colors | Recolored) -> Picture:
    import pyvips

    from photochrom.pipeline.rendering import srgb

    guide = pyvips.Image.new_from_array(made.guide)
    picture, mask = srgb(guide, made.full_ab(guide)), made.full_mask(guide)
    if mask is not None:
        picture = picture.bandjoin((mask * 255).rint().cast("uchar"))
    return Picture(picture.width, picture.height, picture.bands, bytes(picture.write_to_memory()))


def _of_a_photograph(job: Job) -> Colors:
    """The result of a job about a whole photograph. Raises ErrorResponse (409)."""
    from photochrom.pipeline.recoloring import Recolored

    _, made = job.finished()
    if isinstance(made, Recolored):
        raise ErrorResponse(
            HTTPStatus.CONFLICT, "no-doubt", "This job is about a single object.", "Start one for the whole picture."
        )
    return made


def _picture(pixels: NDArray[np.uint8]) -> Picture:
    """(h, w) or (h, w, bands), 8 bit."""
    height, width, *bands = pixels.shape
    return Picture(width, height, bands[0] if bands else 1, pixels.tobytes())
