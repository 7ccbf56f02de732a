"""The route that writes what an editor shows into a file for another program."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from photochrom import __version__
from photochrom.errors import BadRequest
from photochrom.service.messages import ColorsGiven, Event, FilePath, MadeBy
from photochrom.service.routes.bodies import NDJSON, Stream
from photochrom.service.routes.openapi import BODY, errors, events, router
from photochrom.service.tasks import Task
from photochrom_client import given
from photochrom_client.protocol import Route

if TYPE_CHECKING:
    from photochrom.progress import Progress


class NewExport(BaseModel):
    """A photograph and its color version, as an editor has written them: RGB of one size, depth and profile."""

    model_config = ConfigDict(extra="forbid", strict=True)

    photograph: FilePath
    colored: FilePath
    output: FilePath = Field(description="An absolute path, whose suffix is .ora, .psd, .tif or .tiff.")
    colorizer: MadeBy = ""
    given: ColorsGiven = ""
    mark: bool = Field(True, description="Whether the metadata say that an algorithm made the colors.")


def export_routes() -> APIRouter:
    routes = router()
    running: set[asyncio.Task[None]] = set()

    @routes.post(
        Route.EXPORTS,
        response_class=Stream,
        responses={**events(Event), **errors(*BODY, HTTPStatus.UNPROCESSABLE_ENTITY)},
    )
    async def export_for_another_program(request: NewExport) -> Stream:
        """Writes a file that looks in other programs as in the editor: layered OpenRaster or Photoshop, or a flat TIFF.

        A file of that name is replaced. Closing the connection cancels that, and leaves it as it was.
        """
        for each in (request.photograph, request.colored, request.output):
            if not Path(each).is_absolute():
                raise BadRequest(f"{each} is not an absolute path.", "Give the file's absolute path.")
        task: Task[None] = Task("export")
        work = asyncio.create_task(task.run(None, lambda report: _export(request, report)))
        running.add(work)
        work.add_done_callback(running.discard)
        return Stream(task.events(), media_type=NDJSON)

    return routes


def _export(request: NewExport, report: Progress) -> None:
    from photochrom.image.handing_on import hand_on
    from photochrom.image.mark import Mark

    hand_on(
        Path(request.photograph),
        Path(request.colored),
        Path(request.output),
        mark=Mark(request.colorizer, __version__, given=tuple(given.read(request.given) or ()))
        if request.mark
        else None,
        progress=report,
    )
