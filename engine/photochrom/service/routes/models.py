"""Routes about published models: which exist, and downloading one."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path

from photochrom.errors import ModelMissing
from photochrom.service.downloads import Downloads
from photochrom.service.error_responses import ErrorResponse
from photochrom.service.messages import Acceptance, Event, ModelEntry
from photochrom.service.routes.bodies import NDJSON, Stream
from photochrom.service.routes.openapi import BODY, errors, events, router
from photochrom_client.protocol import Route

if TYPE_CHECKING:
    from photochrom.models.catalog import Published

ModelName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


def model_routes(downloads: Downloads) -> APIRouter:
    routes = router()

    @routes.get(Route.MODELS)
    async def published_models() -> list[ModelEntry]:
        """Lists the published models that Photochrom knows by name, installed or not."""
        return await asyncio.to_thread(_published)

    @routes.post(
        Route.FETCH,
        response_class=Stream,
        responses={
            **events(Event),
            **errors(*BODY, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT),
        },
    )
    async def fetch_model(name: ModelName, acceptance: Acceptance) -> Stream:
        """Downloads a model into the store. Closing the connection cancels that; the next attempt resumes.

        A colorizer can be used as soon as this is done.
        """
        task = downloads.start(await asyncio.to_thread(_find, name), acceptance.license)
        return Stream(task.events(), media_type=NDJSON)

    return routes


def _published() -> list[ModelEntry]:
    from photochrom.models import catalog

    return [ModelEntry.model_validate(each, from_attributes=True) for each in catalog.published()]


def _find(name: str) -> Published:
    from photochrom.models import catalog

    try:
        return catalog.find(name)
    except ModelMissing as error:
        raise ErrorResponse(HTTPStatus.NOT_FOUND, error.code, error.cause, error.next_step) from error
