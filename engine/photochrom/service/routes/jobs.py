"""Routes that start, follow and cancel jobs, and that deliver their results."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.messages import JobEvent, JobSettings, NewJob
from photochrom.service.routes.bodies import BYTES, NDJSON, Stream, picture_response
from photochrom.service.routes.openapi import BODY, JobId, LayerId, errors, events, raw_bytes, router
from photochrom_client.protocol import PIXEL_BYTES, Header, PixelForm, Route

SIZE = f"Its size is in the headers {Header.WIDTH}, {Header.HEIGHT} and {Header.BANDS}."


def job_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    # Long, since the routes of a page are closures over the state that they share: none of it is global.
    routes = router()
    missing, invalid, conflict = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT

    @routes.post(
        Route.JOBS,
        status_code=201,
        responses=errors(*BODY, missing, invalid, conflict, HTTPStatus.TOO_MANY_REQUESTS),
    )
    async def start_job(layer_id: LayerId, settings: JobSettings) -> NewJob:
        """Starts a job on a layer. Follow its events soon: a job without a follower is canceled."""
        layer = layers.get(layer_id)
        return NewJob(job=jobs.start(layer, settings.options(layer), settings.wanted(layer.selection)).id)

    @routes.get(Route.EVENTS, response_class=Stream, responses={**events(JobEvent), **errors(missing, invalid)})
    async def follow_job(job_id: JobId) -> Stream:
        """Streams a job's events up to its end. Closing the connection before that cancels the job."""
        return Stream(jobs.events(jobs.get(job_id)), media_type=NDJSON)

    @routes.get(
        Route.PREVIEW,
        response_class=Response,
        responses={**raw_bytes(f"8-bit sRGB, row by row. {SIZE}"), **errors(missing, invalid, conflict)},
    )
    async def preview_job(job_id: JobId) -> Response:
        """Returns the result as a small picture; that of a single object has alpha."""
        return picture_response(await jobs.preview(jobs.get(job_id)))

    @routes.get(
        Route.DOUBT,
        response_class=Response,
        responses={**raw_bytes(f"8-bit sRGB and alpha, row by row. {SIZE}"), **errors(missing, invalid, conflict)},
    )
    async def show_doubt(job_id: JobId) -> Response:
        """Returns a small heat map of where the colorizer was unsure."""
        return picture_response(await jobs.doubt(jobs.get(job_id)))

    @routes.get(
        Route.PAINT_FIRST,
        response_class=Response,
        responses={**raw_bytes(f"8-bit mask, row by row. {SIZE}"), **errors(missing, invalid, conflict)},
    )
    async def show_where_to_paint_first(job_id: JobId) -> Response:
        """Returns a small mask, 255 where hints would help most and 0 elsewhere."""
        return picture_response(await jobs.paint_first(jobs.get(job_id)))

    @routes.get(
        Route.PIXELS,
        response_class=Stream,
        responses={
            **raw_bytes(
                "Row by row, four little-endian samples a pixel. As lab: CIE L*, a*, b* (D50) and alpha, float32; as "
                "rgb8 and rgb16: R, G, B in the image's RGB space and alpha, unsigned integers. Where the asked form "
                f"is not possible it is lab: the header {Header.FORM} tells."
            ),
            **errors(missing, invalid, conflict),
        },
    )
    async def stream_pixels(job_id: JobId, form: PixelForm = "lab") -> Stream:
        """Streams the result at full size, computed while it is read. Closing the connection stops the work."""
        job = jobs.get(job_id)
        composer = await jobs.composer(job, form)
        length = PIXEL_BYTES[composer.form] * job.layer.width * job.layer.height
        headers = {"Content-Length": str(length), Header.FORM: composer.form}
        return Stream(jobs.strips(job, composer), media_type=BYTES, headers=headers)

    @routes.post(Route.CANCEL, status_code=204, responses=errors(missing, invalid))
    async def cancel_job(job_id: JobId) -> None:
        """Cancels a job, or stops the pixels of one that is done."""
        jobs.get(job_id).cancel()

    return routes
