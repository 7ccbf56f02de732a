"""The web app: a module of routes for each kind of resource. /v1/openapi.json describes what they take and return."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from photochrom import __version__
from photochrom.service.downloads import Downloads
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.routes.errors import add_handlers
from photochrom.service.routes.guidance import guidance_routes
from photochrom.service.routes.jobs import job_routes
from photochrom.service.routes.layers import layer_routes
from photochrom.service.routes.marks import mark_routes
from photochrom.service.routes.models import model_routes
from photochrom.service.routes.status import status_routes
from photochrom_client.protocol import Route


def create_app(
    layers: Layers,
    jobs: Jobs,
    downloads: Downloads,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """The web app without the guard, which `server` puts in front of it."""
    app = FastAPI(
        title="Photochrom engine",
        version=__version__,
        description="Colorizes layers of black-and-white photographs. Listens on this computer only, and requires the "
        "token of its runtime file.",
        openapi_url=Route.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_handlers(app)
    app.include_router(status_routes(layers, jobs))
    app.include_router(layer_routes(layers, jobs))
    app.include_router(guidance_routes(layers))
    app.include_router(job_routes(layers, jobs))
    app.include_router(model_routes(downloads))
    app.include_router(mark_routes())
    return app
