"""The route that writes into an exported file's metadata that an algorithm made its colors."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter

from photochrom.errors import BadRequest
from photochrom.service.messages import Marked, MarkRequest
from photochrom.service.routes.openapi import BODY, errors, router
from photochrom_client import given
from photochrom_client.protocol import Route


def mark_routes() -> APIRouter:
    routes = router()

    @routes.post(Route.MARKS, responses=errors(*BODY, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY))
    async def mark_file(request: MarkRequest) -> Marked:
        """Writes into the metadata of a file on this computer that a trained algorithm made its colors."""
        return await asyncio.to_thread(_mark, request)

    return routes


def _mark(request: MarkRequest) -> Marked:
    from photochrom.image import marking

    file = Path(request.file)
    if not file.is_absolute():
        raise BadRequest(f"{request.file} is not an absolute path.", "Give the file's absolute path.")
    wanted = given.read(request.given) or []
    changed = False if request.check else marking.mark(file, request.colorizer, wanted)
    said = marking.read(file)
    return Marked(marked=said.is_ours and (not wanted or said.given == wanted), changed=changed)
