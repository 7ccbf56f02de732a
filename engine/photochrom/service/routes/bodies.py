"""Raw bodies: requests of float32 planes or samples, streamed responses, and pictures with their size in headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from photochrom.service.error_responses import ErrorResponse
from photochrom_client.protocol import CHANNEL_BYTES, Header

if TYPE_CHECKING:
    from photochrom.service.jobs import Picture
    from photochrom.values import Plane

SPOOLED_AT_ONCE = 1024 * 1024
"""Bytes."""

NDJSON = "application/x-ndjson"
BYTES = "application/octet-stream"


class Stream(StreamingResponse):
    """Closes its generator with the connection: left to the garbage collector, its work would go on."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if isinstance(self.body_iterator, AsyncGenerator):
                await self.body_iterator.aclose()


def require_length(request: Request, size: int) -> None:
    """Checks the announced length before anything of the body is read. Raises ErrorResponse (400)."""
    announced = int(request.headers.get("content-length", "0"))
    if announced != size:
        raise ErrorResponse(
            HTTPStatus.BAD_REQUEST,
            "wrong-length",
            f"The body must have {size} bytes for this request, but {announced} are announced.",
            "Plug-in and engine may be of different versions: run “photochrom plugin install”.",
        )


async def read_planes(request: Request, width: int, height: int, bands: int) -> Plane:
    """Reads a body of float32 as (height, width, bands). Raises ErrorResponse (400) for one of another size."""
    require_length(request, CHANNEL_BYTES * width * height * bands)
    body = await request.body()
    import numpy as np

    return np.frombuffer(body, "<f4").reshape(height, width, bands)


async def spool(request: Request, write: Callable[[bytearray], None]) -> None:
    """Writes the body in pieces that are worth a thread's start: a slow disk must not hold up other requests."""
    gathered = bytearray()
    async for part in request.stream():
        gathered += part
        if len(gathered) >= SPOOLED_AT_ONCE:
            await asyncio.to_thread(write, gathered)
            gathered = bytearray()
    if gathered:
        await asyncio.to_thread(write, gathered)


def picture_response(picture: Picture) -> Response:
    size = {
        Header.WIDTH: str(picture.width),
        Header.HEIGHT: str(picture.height),
        Header.BANDS: str(picture.bands),
    }
    return Response(picture.pixels, media_type=BYTES, headers=size)
