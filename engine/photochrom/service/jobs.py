"""Jobs: one layer's colors, found in a worker thread; then its pixels, strip by strip, as they are read."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from photochrom.errors import Cancelled, PhotochromError
from photochrom.service.guard import StreamBrokenError
from photochrom.service.layers import Layer
from photochrom.service.log import LOG
from photochrom.service.refusals import Refusal, internal, no_memory
from photochrom.service.work import Work

if TYPE_CHECKING:
    import pyvips

    from photochrom.image.layer import LayerPixels
    from photochrom.options import Options
    from photochrom.pipeline import Colors
    from photochrom.pipeline.recoloring import Object, Recolored
    from photochrom.progress import Progress
    from photochrom.sampling.proxy import Proxy

MOST_OPEN = 32
"""Jobs waiting or running at once."""

MOST_OF_A_LAYER = 64
"""Jobs that one layer remembers; a dialog makes a new one with every change."""

STRIP_BYTES = 4 * 1024 * 1024


class Job(Work["tuple[LayerPixels, Colors | Recolored]"]):
    """One job: colors for a layer or, where an object is `wanted`, for that alone. A done one that is cancelled stops
    giving pixels."""

    def __init__(self, layer: Layer, options: Options, wanted: Object | None) -> None:
        self.id = secrets.token_hex(8)
        super().__init__(f"job {self.id}")
        self.layer = layer
        self.options = options
        self.wanted = wanted

    def event(self) -> dict[str, Any]:
        return super().event() | (_told(self.made[1]) if self.made else {})

    def result(self) -> tuple[LayerPixels, Colors | Recolored]:
        """Raises Refusal (409) for a job that is not done, saying why."""
        if self.error:
            raise Refusal(HTTPStatus.CONFLICT, self.error.code, self.error.cause, self.error.next_step)
        if self.made is None:
            raise Refusal(
                HTTPStatus.CONFLICT,
                "cancelled" if self.state == "cancelled" else "not-done",
                f"The job is {self.state}.",
                "Start a new one." if self.over else "Follow its events until it is done.",
            )
        return self.made


class Jobs:
    """All jobs, the one thread that finds colors, and the few that compute strips."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Every job uses all cores by itself: a second one at the same time would make both slower.
        self._finders = ThreadPoolExecutor(1, "colors")
        self._painters = ThreadPoolExecutor(4, "strips")
        self.last_ended = time.monotonic()

    @property
    def open(self) -> int:
        return sum(not job.over for job in self._jobs.values())

    def get(self, job_id: str) -> Job:
        """Raises Refusal (404)."""
        job = self._jobs.get(job_id)
        if job is None:
            raise Refusal(
                HTTPStatus.NOT_FOUND,
                "job-gone",
                "The engine does not have this job (any more).",
                "Start a new one: jobs end with their layer.",
            )
        job.layer.used = time.monotonic()
        return job

    def start(self, layer: Layer, options: Options, wanted: Object | None = None) -> Job:
        """Raises Refusal (429) when too many wait already."""
        if self.open >= MOST_OPEN:
            raise Refusal(
                HTTPStatus.TOO_MANY_REQUESTS, "busy", "Too many jobs are waiting.", "Wait until some are done."
            )
        self._forget_old(layer)
        job = Job(layer, options, wanted)
        self._jobs[job.id] = job
        LOG.info("%s begins: %s", job.title, job.options)
        layer.users += 1
        task = asyncio.create_task(self._find(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _find(self, job: Job) -> None:
        try:
            await job.carry_out(self._finders, lambda report: self._colors(job, report))
        finally:
            job.layer.users -= 1
            job.layer.used = self.last_ended = time.monotonic()

    def _colors(self, job: Job, report: Progress) -> tuple[LayerPixels, Colors | Recolored]:
        """In the finder's thread."""
        from photochrom.pipeline import predict
        from photochrom.pipeline.recoloring import recolor_object

        pixels, proxy = job.layer.pixels(), job.layer.proxy
        if job.wanted:
            return pixels, recolor_object(proxy, job.options, job.wanted, report)
        return pixels, predict(proxy, job.options, report)

    async def preview(self, job: Job) -> tuple[int, int, int, bytes]:
        """Width, height, bands, 8-bit sRGB, with alpha where it shows an object alone. Raises Refusal (409)."""
        _, colors = job.result()
        return await asyncio.get_running_loop().run_in_executor(self._painters, _small, colors)

    async def doubt(self, job: Job, first: bool) -> tuple[int, int, int, bytes]:
        """Width, height, bands, 8 bit: a heat map of doubt, or where to paint `first`. Raises Refusal (409)."""
        _, colors = job.result()
        return await asyncio.get_running_loop().run_in_executor(self._finders, _doubt, job.layer.proxy, colors, first)

    async def strips(self, job: Job) -> AsyncIterator[bytes]:
        """The result from top to bottom: one strip is computed while the one before it is sent."""
        pixels, colors = job.result()
        loop = asyncio.get_running_loop()
        job.layer.users += 1
        rows = max(1, STRIP_BYTES // (16 * pixels.width))
        sent = 0
        try:
            composed = await loop.run_in_executor(self._painters, _composed, pixels, colors)
            tops = range(0, pixels.height, rows)
            coming = loop.run_in_executor(self._painters, _strip, composed, tops[0], rows)
            for following in [*tops[1:], None]:
                strip = await coming
                job.check()
                if following is not None:
                    coming = loop.run_in_executor(self._painters, _strip, composed, following, rows)
                yield strip
                sent += len(strip) // (16 * pixels.width)
        except Cancelled:
            raise StreamBrokenError(f"job {job.id} cancelled") from None
        except Exception as error:
            LOG.exception("pixels of job %s failed", job.id)
            known = error if isinstance(error, PhotochromError) else None
            job.end("failed", known or (no_memory() if isinstance(error, MemoryError) else internal()))
            raise StreamBrokenError(f"job {job.id} failed") from error
        finally:
            LOG.info("job %s: %d of %d rows read", job.id, sent, pixels.height)
            job.layer.users -= 1
            job.layer.used = self.last_ended = time.monotonic()

    def forget(self, layer: Layer) -> None:
        """Stops and forgets all jobs of a layer."""
        for job in [job for job in self._jobs.values() if job.layer is layer]:
            job.cancel()
            del self._jobs[job.id]

    async def close(self) -> None:
        """Stops everything; returns when the threads are idle."""
        for job in self._jobs.values():
            job.cancel()
        await asyncio.gather(*self._tasks)
        self._finders.shutdown()
        self._painters.shutdown()

    def _forget_old(self, layer: Layer) -> None:
        done = [job for job in self._jobs.values() if job.layer is layer and job.over and not job.followed]
        for job in done[: max(0, len(done) - MOST_OF_A_LAYER + 1)]:
            del self._jobs[job.id]


def _told(made: Colors | Recolored) -> dict[str, Any]:
    """What the last event says of a result."""
    from photochrom.colorizers import available
    from photochrom.pipeline.recoloring import Recolored

    if isinstance(made, Recolored):
        return {"colorizer": made.colorizer, "suggestions": [asdict(each) for each in made.suggestions]}
    titles = {card.name: card.title for card in available() if card.name in made.scores}
    told = {"colorizer": made.colorizer, "scores": made.scores, "titles": titles}
    return {**told, "title": made.title, "variants": made.variants}


def _composed(pixels: LayerPixels, made: Colors | Recolored) -> pyvips.Image:
    from photochrom.image.layer import compose_lab

    lightness = pixels.finite_lightness()
    return compose_lab(pixels, made.full_ab(lightness), made.full_mask(lightness))


def _strip(composed: pyvips.Image, top: int, rows: int) -> bytes:
    count = min(rows, composed.height - top)
    return bytes(composed.crop(0, top, composed.width, count).write_to_memory())


def _small(made: Colors | Recolored) -> tuple[int, int, int, bytes]:
    import pyvips

    from photochrom.pipeline.rendering import srgb

    guide = pyvips.Image.new_from_array(made.guide)
    picture, mask = srgb(guide, made.full_ab(guide)), made.full_mask(guide)
    if mask is not None:
        picture = picture.bandjoin((mask * 255).rint().cast("uchar"))
    return picture.width, picture.height, picture.bands, bytes(picture.write_to_memory())


def _doubt(proxy: Proxy, made: Colors | Recolored, first: bool) -> tuple[int, int, int, bytes]:
    from photochrom.pipeline.recoloring import Recolored
    from photochrom.pipeline.uncertainty import heat_map, paint_first

    if isinstance(made, Recolored):
        raise Refusal(HTTPStatus.CONFLICT, "no-doubt", "This job is about one object.", "Start one for the picture.")
    found = paint_first(proxy, made) if first else heat_map(made)
    height, width, *bands = found.shape
    return width, height, bands[0] if bands else 1, found.tobytes()
