"""The routes. What they take and give is in the OpenAPI description at /v1/openapi.json."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from photochrom import __version__
from photochrom.errors import BadRequest, ModelMissing, PhotochromError
from photochrom.service.fetches import Fetches
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers, layer_bytes
from photochrom.service.messages import (
    Acceptance,
    Choice,
    ErrorAnswer,
    Event,
    JobEvent,
    Marked,
    MarkWish,
    ModelEntry,
    NewJob,
    NewLayer,
    Status,
    Wish,
)
from photochrom.service.refusals import Refusal, in_json, internal, status_of
from photochrom_client.places import log_path
from photochrom_client.protocol import AUTO, MAX_GUIDANCE_SIDE, MAX_SIDE, PROTOCOL, Header, Route

if TYPE_CHECKING:
    from photochrom.models.catalog import Published
    from photochrom.values import Plane

CHUNK = 1024 * 1024


def _errors(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    return {int(status): {"model": ErrorAnswer, "description": status.phrase} for status in statuses}


def _bytes(description: str) -> dict[int | str, dict[str, Any]]:
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": description, "content": content}}


def _events(kind: type[Event]) -> dict[int | str, dict[str, Any]]:
    described = kind.model_json_schema()
    line = _inlined(described, described.pop("$defs"))
    content = {"application/x-ndjson": {"itemSchema": line}}
    return {200: {"description": "One Event a line; at least one a second; the last has the end.", "content": content}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A JSON schema without references: what is put into OpenAPI by hand does not find its components there."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}


def _raw_body(description: str) -> dict[str, Any]:
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


class Stream(StreamingResponse):
    """Ends its generator with the connection: waiting for the garbage collector would let the work go on."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if isinstance(self.body_iterator, AsyncGenerator):
                await self.body_iterator.aclose()


BODY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LENGTH_REQUIRED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""What every route with a body may answer."""

SmallSide = Annotated[int, Query(ge=1, le=MAX_GUIDANCE_SIDE)]

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
ModelName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


def create_app(
    layers: Layers,
    jobs: Jobs,
    fetches: Fetches,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """The web app, without the guard."""
    app = FastAPI(
        title="Photochrom engine",
        version=__version__,
        description="Color for layers of black-and-white photographs. Only on this computer, only with its token.",
        openapi_url=Route.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_exception_handler(PhotochromError, _say_no)
    app.add_exception_handler(RequestValidationError, _say_invalid)
    app.add_exception_handler(HTTPException, _say_http)
    app.add_exception_handler(Exception, _say_internal)
    app.include_router(_layer_routes(layers, jobs))
    app.include_router(_guidance_routes(layers))
    app.include_router(_job_routes(layers, jobs))
    app.include_router(_model_routes(fetches))
    app.include_router(_mark_routes())
    return app


def _router() -> APIRouter:
    always = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR)
    return APIRouter(
        # The guard checks the token before any of this runs; this line is for the description.
        dependencies=[Security(HTTPBearer(auto_error=False, description="The token of the runtime file."))],
        responses=_errors(*always, HTTPStatus.BAD_REQUEST),
    )


def _model_routes(fetches: Fetches) -> APIRouter:
    router = _router()

    @router.get(Route.SEGMENTERS)
    async def segmenters() -> list[Choice]:
        """Who can find objects, the one that is taken by default first."""
        return await asyncio.to_thread(_segmenters)

    @router.get(Route.MODELS)
    async def published_models() -> list[ModelEntry]:
        """The published models that Photochrom knows, by name: those that can be asked for, and those to be had."""
        return await asyncio.to_thread(_published)

    @router.post(
        Route.DOWNLOAD,
        response_class=Stream,
        responses={
            **_events(Event),
            **_errors(*BODY, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT),
        },
    )
    async def fetch_model(name: ModelName, acceptance: Acceptance) -> Stream:
        """Fetches a model into the store. Closing the connection cancels that; what has come is kept for the next try.

        When done, a colorizer can be asked for at once.
        """
        work = fetches.start(await asyncio.to_thread(_find, name), acceptance.license)
        return Stream(work.follow(), media_type="application/x-ndjson")

    return router


def _mark_routes() -> APIRouter:
    router = _router()

    @router.post(Route.MARKS, responses=_errors(*BODY, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY))
    async def mark_file(wish: MarkWish) -> Marked:
        """Writes into a file's metadata that a trained algorithm made its colors: for what an editor has exported."""
        return await asyncio.to_thread(_mark, wish)

    return router


def _layer_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    router = _router()
    missing, invalid = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY

    @router.get(Route.STATUS)
    async def status() -> Status:
        """That the engine lives, and what it is doing."""
        return Status(
            version=__version__,
            protocol=list(PROTOCOL),
            pid=os.getpid(),
            log=str(log_path()),
            layers=len(layers),
            jobs=jobs.open,
        )

    @router.get(Route.COLORIZERS)
    async def colorizers() -> list[Choice]:
        """The pool, the engine's own choice first."""
        return await asyncio.to_thread(_pool)

    @router.post(
        Route.LAYERS,
        status_code=201,
        responses=_errors(*BODY, invalid, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INSUFFICIENT_STORAGE),
        openapi_extra=_raw_body(
            "Little-endian float32: a plane of CIE L* D50, 0…100, height · width, then, with alpha=1, one of alpha."
        ),
    )
    async def add_layer(
        request: Request,
        width: Annotated[int, Query(ge=1, le=MAX_SIDE)],
        height: Annotated[int, Query(ge=1, le=MAX_SIDE)],
        alpha: Annotated[int, Query(ge=0, le=1)] = 0,
    ) -> NewLayer:
        """Sends a layer, once for any number of jobs."""
        size = layer_bytes(width, height, bool(alpha))
        for unused in layers.in_the_way(size):
            jobs.forget(layers.remove(unused.id))
        upload = layers.begin(width, height, bool(alpha))
        layer = None
        try:
            _expect(request, size)
            await _spool(request, upload.write)
        finally:
            layer = layers.end(upload)
        if layer is None:
            raise ClientDisconnect
        return NewLayer(layer=layer.id)

    @router.put(
        Route.PROFILE,
        status_code=204,
        responses=_errors(*BODY, missing, invalid),
        openapi_extra=_raw_body("The ICC profile of the image."),
    )
    async def set_profile(request: Request, layer_id: Id) -> None:
        """Says in which RGB space the image is: the colors will fit its gamut. Without it: sRGB."""
        layer = layers.get(layer_id)
        profile = await request.body()
        if profile[36:40] != b"acsp":
            raise Refusal(
                HTTPStatus.BAD_REQUEST, "bad-profile", "This is no ICC profile.", "Send none: sRGB is taken then."
            )
        layer.profile = profile

    @router.delete(Route.LAYER, status_code=204, responses=_errors(missing, invalid))
    async def remove_layer(layer_id: Id) -> None:
        """Lets a layer go; its jobs stop."""
        jobs.forget(layers.remove(layer_id))

    return router


def _guidance_routes(layers: Layers) -> APIRouter:
    """What a person gives beside the layer itself."""
    router = _router()
    missing, invalid = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY

    @router.put(
        Route.HINTS,
        status_code=204,
        responses=_errors(*BODY, missing, invalid),
        openapi_extra=_raw_body("Little-endian float32, four a pixel: CIE L*, a*, b* (D50), alpha 0…1; row by row."),
    )
    async def set_hints(request: Request, layer_id: Id, width: SmallSide, height: SmallSide) -> None:
        """Gives colors by hand, for all of the layer, at any size: the jobs that start from now on heed them."""
        layer = layers.get(layer_id)
        layer.paint = await _plane(request, width, height, 4)

    @router.delete(Route.HINTS, status_code=204, responses=_errors(missing, invalid))
    async def remove_hints(layer_id: Id) -> None:
        """Takes the hints back."""
        layers.get(layer_id).paint = None

    @router.put(
        Route.REFERENCE,
        status_code=204,
        responses=_errors(*BODY, missing, invalid),
        openapi_extra=_raw_body("Little-endian float32, three a pixel: CIE L*, a*, b* (D50); row by row."),
    )
    async def set_reference(request: Request, layer_id: Id, width: SmallSide, height: SmallSide) -> None:
        """Gives a color photograph that the layer may be colored like."""
        from photochrom.guidance.reference import Reference

        layer = layers.get(layer_id)
        layer.reference = await asyncio.to_thread(Reference, await _plane(request, width, height, 3))

    @router.delete(Route.REFERENCE, status_code=204, responses=_errors(missing, invalid))
    async def remove_reference(layer_id: Id) -> None:
        """Forgets the reference picture."""
        layers.get(layer_id).reference = None

    @router.put(
        Route.SELECTION,
        status_code=204,
        responses=_errors(*BODY, missing, invalid),
        openapi_extra=_raw_body("Little-endian float32, 0…1; row by row."),
    )
    async def set_selection(request: Request, layer_id: Id, width: SmallSide, height: SmallSide) -> None:
        """Says what is selected of the layer, at any size, for jobs about the object in it."""
        layer = layers.get(layer_id)
        layer.selection = (await _plane(request, width, height, 1))[..., 0]

    @router.delete(Route.SELECTION, status_code=204, responses=_errors(missing, invalid))
    async def remove_selection(layer_id: Id) -> None:
        """Forgets the selection."""
        layers.get(layer_id).selection = None

    return router


def _job_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    router = _router()
    missing, invalid, conflict = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT

    @router.post(
        Route.JOBS,
        status_code=201,
        responses=_errors(*BODY, missing, invalid, conflict, HTTPStatus.TOO_MANY_REQUESTS),
    )
    async def start_job(layer_id: Id, wish: Wish) -> NewJob:
        """Starts to find the layer's colors. Follow its events soon: a job that nobody follows is cancelled."""
        layer = layers.get(layer_id)
        return NewJob(job=jobs.start(layer, wish.options(layer), wish.wanted(layer.selection)).id)

    @router.get(
        Route.EVENTS,
        response_class=Stream,
        responses={**_events(JobEvent), **_errors(missing, invalid)},
    )
    async def follow_job(job_id: Id) -> Stream:
        """Follows a job to its end. Closing the connection before that cancels the job."""
        return Stream(jobs.get(job_id).follow(), media_type="application/x-ndjson")

    @router.get(
        Route.PREVIEW,
        response_class=Response,
        responses={**_bytes("8-bit sRGB, row by row."), **_errors(missing, invalid, conflict)},
    )
    async def preview_job(job_id: Id) -> Response:
        """The result as a small picture, of an object alone with alpha; its size is in the headers Photochrom-Width,
        Photochrom-Height and Photochrom-Bands."""
        return _picture(*await jobs.preview(jobs.get(job_id)))

    @router.get(
        Route.DOUBT,
        response_class=Response,
        responses={**_bytes("8-bit sRGB and alpha, or 8-bit gray; row by row."), **_errors(missing, invalid, conflict)},
    )
    async def show_doubt(job_id: Id, first: Annotated[int, Query(ge=0, le=1)] = 0) -> Response:
        """Where the colorizer guessed, as a small heat map; with first=1, where hints would help most (255). Its size
        is in the headers, as a preview's."""
        return _picture(*await jobs.doubt(jobs.get(job_id), bool(first)))

    @router.get(
        Route.PIXELS,
        response_class=Stream,
        responses={
            **_bytes("Little-endian float32, four a pixel: CIE L*, a*, b* (D50), alpha; row by row."),
            **_errors(missing, invalid, conflict),
        },
    )
    async def stream_pixels(job_id: Id) -> Stream:
        """The result at full size, computed while it is read. Closing the connection stops the work."""
        job = jobs.get(job_id)
        pixels, _ = job.result()
        length = {"Content-Length": str(16 * pixels.width * pixels.height)}
        return Stream(jobs.strips(job), media_type="application/octet-stream", headers=length)

    @router.post(Route.CANCEL, status_code=204, responses=_errors(missing, invalid))
    async def cancel_job(job_id: Id) -> None:
        """Stops a job, or the pixels of one that is done."""
        jobs.get(job_id).cancel()

    return router


def _pool() -> list[Choice]:
    from photochrom.colorizers import available

    cards = [Choice(name=card.name, title=f"{card.name}: {card.good_at}") for card in available()]
    return [Choice(name=AUTO, title="Automatic"), *cards]


def _published() -> list[ModelEntry]:
    from photochrom.models import catalog

    return [ModelEntry.model_validate(each, from_attributes=True) for each in catalog.published()]


def _mark(wish: MarkWish) -> Marked:
    from photochrom.image import marking

    file = FilePath(wish.file)
    if not file.is_absolute():
        raise BadRequest(f"{wish.file} is no absolute path.", "Give the whole path of the file.")
    changed = False if wish.check else marking.mark(file, wish.colorizer)
    return Marked(marked=marking.read(file).is_ours, changed=changed)


def _find(name: str) -> Published:
    from photochrom.models import catalog

    try:
        return catalog.find(name)
    except ModelMissing as error:
        raise Refusal(HTTPStatus.NOT_FOUND, error.code, error.cause, error.next_step) from error


def _segmenters() -> list[Choice]:
    from photochrom import segmenters

    default = segmenters.default()
    every = sorted(segmenters.available(), key=lambda each: each.name != default)
    return [Choice(name=each.name, title=f"{each.name}: {each.good_at}") for each in every]


def _expect(request: Request, size: int) -> None:
    """Before anything of the body is read."""
    given = int(request.headers.get("content-length", "0"))
    if given != size:
        raise Refusal(
            HTTPStatus.BAD_REQUEST,
            "wrong-length",
            f"The layer's planes have {size} bytes, but {given} are announced.",
            "The plug-in and the engine do not fit together: run “photochrom plugin install”.",
        )


async def _plane(request: Request, width: int, height: int, bands: int) -> Plane:
    """A body of float32 as (height, width, bands)."""
    _expect(request, 4 * width * height * bands)
    body = await request.body()
    import numpy as np

    return np.frombuffer(body, "<f4").reshape(height, width, bands)


def _picture(width: int, height: int, bands: int, pixels: bytes) -> Response:
    size = {Header.WIDTH: str(width), Header.HEIGHT: str(height), Header.BANDS: str(bands)}
    return Response(pixels, media_type="application/octet-stream", headers=size)


async def _spool(request: Request, write: Callable[[bytearray], None]) -> None:
    """Writes the body in pieces worth a thread's while: a slow disk must not hold up the other requests."""
    gathered = bytearray()
    async for part in request.stream():
        gathered += part
        if len(gathered) >= CHUNK:
            await asyncio.to_thread(write, gathered)
            gathered = bytearray()
    if gathered:
        await asyncio.to_thread(write, gathered)


def _answer(status: int, error: PhotochromError, headers: Any = None) -> JSONResponse:
    # What is left of a body that was not read must not be taken for the next request.
    return JSONResponse({"error": in_json(error)}, status, headers={**(headers or {}), "Connection": "close"})


async def _say_no(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PhotochromError)
    return _answer(status_of(error), error)


async def _say_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    places = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _answer(status, Refusal(status, "invalid", f"The request is not valid: {places[:500]}.", "Correct it."))


async def _say_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    refusal = Refusal(status, status.name.lower().replace("_", "-"), f"{error.detail}.", f"See {Route.OPENAPI}.")
    headers = error.headers
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of the first of several routes with this path alone.
        routes = (route for route in request.app.routes if isinstance(route, APIRoute))
        here = [route.methods or set() for route in routes if route.path_regex.match(request.url.path)]
        headers = {"Allow": ", ".join(sorted(set[str]().union(*here)))}
    return _answer(status, refusal, headers)


async def _say_internal(request: Request, error: Exception) -> JSONResponse:
    return _answer(500, internal())
