"""The web app: a module of routes for each kind of resource. /v1/openapi.json describes what they take and return."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from photochrom import __version__
from photochrom.service.batches import Batches
from photochrom.service.downloads import Downloads
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.routes.batches import batch_routes
from photochrom.service.routes.errors import add_handlers
from photochrom.service.routes.exports import export_routes
from photochrom.service.routes.guidance import guidance_routes
from photochrom.service.routes.jobs import job_routes
from photochrom.service.routes.layers import layer_routes
from photochrom.service.routes.marks import mark_routes
from photochrom.service.routes.models import model_routes
from photochrom.service.routes.proof import proof_routes
from photochrom.service.routes.status import status_routes
from photochrom_client.protocol import Route
from photochrom_client.runtime_file import RuntimeFile


def create_app(
    layers: Layers,
    jobs: Jobs,
    downloads: Downloads,
    batches: Batches,
    file: RuntimeFile,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """The web app without the guard, which `server` puts in front of it. `file` is the engine's own."""
    app = FastAPI(
        title="Photochrom engine",
        version=__version__,
        description="Colorizes layers of black-and-white photographs, and folders of them. Listens on this computer "
        "only, and requires the token of its runtime file.",
        openapi_url=Route.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_handlers(app)
    app.include_router(proof_routes(file))
    app.include_router(status_routes(layers, jobs))
    app.include_router(layer_routes(layers, jobs))
    app.include_router(guidance_routes(layers))
    app.include_router(job_routes(layers, jobs))
    app.include_router(model_routes(downloads))
    app.include_router(mark_routes())
    app.include_router(export_routes())
    app.include_router(batch_routes(batches))
    return app
