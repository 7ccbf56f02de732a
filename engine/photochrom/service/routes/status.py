"""Routes about the engine itself: its status, and the colorizers and segmenters that are installed."""

from __future__ import annotations

import asyncio
import os

from fastapi import APIRouter

from photochrom import __version__
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.messages import Choice, Status
from photochrom.service.routes.openapi import router
from photochrom_client.places import log_path
from photochrom_client.protocol import AUTO, PROTOCOL, Route


def status_routes(layers: Layers, jobs: Jobs) -> APIRouter:
    routes = router()

    @routes.get(Route.STATUS)
    async def status() -> Status:
        """Reports the version and load of the running engine."""
        return Status(
            version=__version__,
            protocol=list(PROTOCOL),
            pid=os.getpid(),
            log=str(log_path()),
            layers=len(layers),
            jobs=jobs.open,
        )

    @routes.get(Route.COLORIZERS)
    async def colorizers() -> list[Choice]:
        """Lists the installed colorizers, "auto" first."""
        return await asyncio.to_thread(_colorizers)

    @routes.get(Route.SEGMENTERS)
    async def segmenters() -> list[Choice]:
        """Lists the installed segmenters, the default one first."""
        return await asyncio.to_thread(_segmenters)

    return routes


def _colorizers() -> list[Choice]:
    from photochrom.colorizers import available

    cards = [Choice(name=card.name, title=f"{card.title}: {card.good_at}") for card in available()]
    return [Choice(name=AUTO, title="Automatic"), *cards]


def _segmenters() -> list[Choice]:
    from photochrom import segmenters

    default = segmenters.default()
    default_first = sorted(segmenters.available(), key=lambda each: each.name != default)
    return [Choice(name=each.name, title=f"{each.name}: {each.good_at}") for each in default_first]
