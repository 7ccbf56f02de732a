"""Routes that upload, complete and delete layers."""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect

from photochrom.service.error_responses import ErrorResponse
from photochrom.service.jobs import Jobs
from photochrom.service.layers import QUIET, Layers, body_bytes, layer_bytes
from photochrom.service.log import LOG
from photochrom.service.messages import NewLayer
from photochrom.service.routes.bodies import require_length, spool
from photochrom.service.routes.openapi import BODY, LayerId, errors, raw_body, router
from photochrom_client.protocol import MAX_SIDE, LayerForm, Route

Side = Annotated[int, Query(ge=1, le=MAX_SIDE)]

ROOM_PATIENCE = QUIET + 2.0
"""Seconds that an upload waits for room: those of vanished clients are known as such by then."""

LOOK = 0.05
"""Seconds between two looks at whether there is room."""


def layer_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    # Long, since the routes of a page are closures over the state that they share: none of it is global.
    routes = router()
    missing, invalid = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY
    uploads = asyncio.Lock()  # who came first gets the next room

    async def make_room(size: int) -> None:
        """Removes what is in the way of a layer of `size` bytes. Where nothing may be removed yet, waits for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ROOM_PATIENCE), uploads:
                while not layers.has_room(size):
                    for unused in layers.in_the_way(size):
                        LOG.info("layer %s makes room", unused.id)
                        jobs.forget(layers.remove(unused.id))
                    if not layers.has_room(size):
                        await asyncio.sleep(LOOK)

    @routes.post(
        Route.LAYERS,
        status_code=201,
        responses=errors(*BODY, invalid, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INSUFFICIENT_STORAGE),
        openapi_extra=raw_body(
            "Little-endian float32: a plane of CIE L* (D50), 0…100, height · width, followed, with alpha=1, by a plane "
            "of alpha, 0…1. With samples=u8 or u16: a table of the L* of each possible sample, 256 or 65,536 float32, "
            "then height · width samples of 8 or 16 bits, in place of the plane of L*."
        ),
    )
    async def add_layer(
        request: Request,
        width: Side,
        height: Side,
        alpha: Annotated[int, Query(ge=0, le=1)] = 0,
        samples: Annotated[LayerForm, Query()] = "lightness",
    ) -> NewLayer:
        """Uploads a layer, once for any number of jobs. While the engine can hold no more, this waits for seconds."""
        require_length(request, body_bytes(width, height, bool(alpha), samples))
        await make_room(layer_bytes(width, height, bool(alpha)))
        upload = layers.begin(width, height, bool(alpha), samples)
        layer = None
        try:
            await spool(request, upload.write)
        finally:
            layer = layers.end(upload)
        if layer is None:
            raise ClientDisconnect
        return NewLayer(layer=layer.id)

    @routes.put(
        Route.PROFILE,
        status_code=204,
        responses=errors(*BODY, missing, invalid),
        openapi_extra=raw_body("The ICC profile of the image."),
    )
    async def set_profile(request: Request, layer_id: LayerId) -> None:
        """Sets the image's RGB profile: the colors will be in its gamut. The default is sRGB."""
        layer = layers.get(layer_id)
        with layer.in_use():
            profile = await request.body()
        if profile[36:40] != b"acsp":
            raise ErrorResponse(
                HTTPStatus.BAD_REQUEST, "bad-profile", "This is no ICC profile.", "Send none to use sRGB."
            )
        layer.profile = profile

    @routes.delete(Route.LAYER, status_code=204, responses=errors(missing, invalid))
    async def remove_layer(layer_id: LayerId) -> None:
        """Deletes a layer and cancels its jobs."""
        jobs.forget(layers.remove(layer_id))

    return routes
