"""Routes that set and delete a layer's guidance: hints, reference picture, selection, known colors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from photochrom.service.layers import Layers
from photochrom.service.routes.bodies import read_planes
from photochrom.service.routes.openapi import BODY, LayerId, errors, raw_body, router
from photochrom_client.protocol import MAX_GUIDANCE_SIDE, Route

Side = Annotated[int, Query(ge=1, le=MAX_GUIDANCE_SIDE)]

Handler = Callable[..., Coroutine[Any, Any, None]]


def guidance_routes(layers: Layers) -> APIRouter:
    routes = router()
    missing, invalid = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY

    def put(path: str, body: str) -> Callable[[Handler], Handler]:
        return routes.put(
            path, status_code=204, responses=errors(*BODY, missing, invalid), openapi_extra=raw_body(body)
        )

    def delete(path: str) -> Callable[[Handler], Handler]:
        return routes.delete(path, status_code=204, responses=errors(missing, invalid))

    @put(Route.HINTS, "Little-endian float32, four per pixel: CIE L*, a*, b* (D50), alpha 0…1; row by row.")
    async def set_hints(request: Request, layer_id: LayerId, width: Side, height: Side) -> None:
        """Sets colors painted over the whole layer, at any size. They apply to jobs that start from now on."""
        layer = layers.get(layer_id)
        with layer.in_use():
            layer.hints = await read_planes(request, width, height, 4)

    @delete(Route.HINTS)
    async def remove_hints(layer_id: LayerId) -> None:
        """Deletes the hints."""
        layers.get(layer_id).hints = None

    @put(Route.REFERENCE, "Little-endian float32, three per pixel: CIE L*, a*, b* (D50); row by row.")
    async def set_reference(request: Request, layer_id: LayerId, width: Side, height: Side) -> None:
        """Sets a color photograph whose colors jobs can follow."""
        from photochrom.guidance.reference import Reference

        layer = layers.get(layer_id)
        with layer.in_use():
            layer.reference_picture = await asyncio.to_thread(Reference, await read_planes(request, width, height, 3))

    @delete(Route.REFERENCE)
    async def remove_reference(layer_id: LayerId) -> None:
        """Deletes the reference picture."""
        layers.get(layer_id).reference_picture = None

    @put(Route.KNOWN, "Little-endian float32, 0…1; row by row.")
    async def set_known(
        request: Request, layer_id: LayerId, width: Side, height: Side, hints: Annotated[int, Query(ge=0, le=1)] = 0
    ) -> None:
        """Sets where the layer's colors are known, at any size; with hints=1, those of hinted objects are known, too.

        For what tells where the colorizer is unsure: it is not asked there.
        """
        from photochrom.pipeline.uncertainty import Known

        layer = layers.get(layer_id)
        layer.known = Known((await read_planes(request, width, height, 1))[..., 0], bool(hints))

    @delete(Route.KNOWN)
    async def forget_known(layer_id: LayerId) -> None:
        """Deletes what is known."""
        layers.get(layer_id).known = None

    @put(Route.SELECTION, "Little-endian float32, 0…1; row by row.")
    async def set_selection(request: Request, layer_id: LayerId, width: Side, height: Side) -> None:
        """Sets a selection over the whole layer, at any size, for jobs about the object in it."""
        layer = layers.get(layer_id)
        with layer.in_use():
            layer.selection = (await read_planes(request, width, height, 1))[..., 0]

    @delete(Route.SELECTION)
    async def remove_selection(layer_id: LayerId) -> None:
        """Deletes the selection."""
        layers.get(layer_id).selection = None

    return routes
