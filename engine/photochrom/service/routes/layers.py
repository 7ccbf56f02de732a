"""Routes that upload, complete and delete layers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect

from photochrom.service.error_responses import ErrorResponse
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers, layer_bytes
from photochrom.service.messages import NewLayer
from photochrom.service.routes.bodies import require_length, spool
from photochrom.service.routes.openapi import BODY, LayerId, errors, raw_body, router
from photochrom_client.protocol import MAX_SIDE, Route

Side = Annotated[int, Query(ge=1, le=MAX_SIDE)]


def layer_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    # Long, since the routes of a page are closures over the state that they share: none of it is global.
    routes = router()
    missing, invalid = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY

    @routes.post(
        Route.LAYERS,
        status_code=201,
        responses=errors(*BODY, invalid, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INSUFFICIENT_STORAGE),
        openapi_extra=raw_body(
            "Little-endian float32: a plane of CIE L* (D50), 0…100, height · width, followed, with alpha=1, by a plane "
            "of alpha, 0…1."
        ),
    )
    async def add_layer(
        request: Request,
        width: Side,
        height: Side,
        alpha: Annotated[int, Query(ge=0, le=1)] = 0,
    ) -> NewLayer:
        """Uploads a layer, once for any number of jobs."""
        size = layer_bytes(width, height, bool(alpha))
        for unused in layers.in_the_way(size):
            jobs.forget(layers.remove(unused.id))
        upload = layers.begin(width, height, bool(alpha))
        layer = None
        try:
            require_length(request, size)
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
