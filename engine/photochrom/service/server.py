"""Runs the user's engine until it has been idle for long enough."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from photochrom import __version__
from photochrom.models.loaded import LOADED
from photochrom.service.log import LOG, open_log
from photochrom.service.single_instance import AlreadyRunsError, single_instance
from photochrom_client.places import log_path, runtime_folder, spool_folder
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile

if TYPE_CHECKING:
    from fastapi import FastAPI

    from photochrom.service.guard import Activity
    from photochrom.service.jobs import Jobs
    from photochrom.service.layers import Layers

UNLOAD_AFTER = 15 * 60.0
"""Seconds. Models reload within a second: they survive a pause between two pictures, not a lunch break."""

IDLE_EXIT = 60 * 60.0
"""Seconds. Without models an engine costs little memory, and starting one costs the user a second or two: an hour
covers an editing session with its pauses, and nothing is left running over night."""

LAYER_LIFE = 30 * 60.0
"""Seconds. Long enough for a dialog that stays open; layers of killed plug-ins stay on disk for as long."""

HEADER_PATIENCE = 10.0
"""Seconds within which a new connection must send the head of its first request."""


def run(
    *,
    unload_after: float = UNLOAD_AFTER,
    idle_exit: float = IDLE_EXIT,
    layer_life: float = LAYER_LIFE,
    patience: float | None = None,
) -> None:
    """Serves until idle for `idle_exit` seconds (0: forever), SIGTERM or SIGINT; returns at once if an engine runs.

    `unload_after`: seconds without a job after which models are unloaded. `layer_life`: seconds without use after
    which a layer is deleted. `patience`: seconds without a byte after which a request body times out.

    Raises:
        OutputFailed: the runtime folder cannot be used.
    """
    try:
        with single_instance(runtime_folder()) as runtime_file:
            _serve(runtime_file, unload_after, idle_exit, layer_life, patience)
    except AlreadyRunsError as running:
        process = f" (process {running.pid})" if running.pid else ""
        print(f"A Photochrom engine already runs{process}; editors use that one.")


def _serve(
    runtime_file: Path, unload_after: float, idle_exit: float, layer_life: float, patience: float | None
) -> None:
    # Long, since the parts live exactly as long as this call. Uvicorn shuts down and then raises the signal again: as
    # an exception, so that the runtime file is removed.
    signal.signal(signal.SIGTERM, _leave)
    open_log(log_path())
    from photochrom.service import guard
    from photochrom.service.downloads import Downloads
    from photochrom.service.jobs import Jobs
    from photochrom.service.layers import Layers
    from photochrom.service.routes import create_app

    layers, jobs, downloads, activity = Layers(spool_folder()), Jobs(), Downloads(), guard.Activity()
    server: Any = None

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        housekeeping = asyncio.create_task(
            _free_unused(
                server, layers, jobs, activity, unload_after=unload_after, idle_exit=idle_exit, life=layer_life
            )
        )
        try:
            yield
        finally:
            housekeeping.cancel()
            runtime_file.unlink(missing_ok=True)
            await downloads.close()
            await jobs.close()

    token = secrets.token_urlsafe(32)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        app = guard.Guard(
            create_app(layers, jobs, downloads, lifespan),
            token=token,
            port=port,
            activity=activity,
            patience=guard.PATIENCE if patience is None else patience,
        )
        server = _uvicorn(app)
        # The socket already listens: a client that reads the file now is served as soon as the loop runs.
        RuntimeFile(port, token, os.getpid(), __version__, PROTOCOL).write(runtime_file)
        LOG.info("engine %s listens on 127.0.0.1:%d", __version__, port)
        print(f"Photochrom {__version__} listens on 127.0.0.1:{port}; log: {log_path()}", flush=True)
        try:
            server.run(sockets=[listener])
        finally:
            LOG.info("engine ends")


def _uvicorn(app: Any) -> Any:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class PatientProtocol(H11Protocol):
        """Closes a connection that sends no request: uvicorn itself would wait forever."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(HEADER_PATIENCE, self._close_silent)

        def _close_silent(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


async def _free_unused(
    server: Any,
    layers: Layers,
    jobs: Jobs,
    activity: Activity,
    *,
    unload_after: float,
    idle_exit: float,
    life: float,
) -> None:
    """Frees what is unused: layers, then models, finally the engine itself."""
    pause = min(10.0, *(seconds / 4 for seconds in (unload_after, idle_exit, life) if seconds > 0), 10.0)
    unloaded_at = jobs.last_ended
    while True:
        await asyncio.sleep(max(pause, 0.05))
        for layer in layers.expired(life):
            LOG.info("layer %s expired", layer.id)
            jobs.forget(layers.remove(layer.id))
        now = time.monotonic()
        if jobs.last_ended > unloaded_at and not jobs.open and now - jobs.last_ended > unload_after:
            unloaded_at = jobs.last_ended
            layers.drop_computed()
            LOADED.clear()
            LOG.info("models unloaded")
        if idle_exit and not jobs.open and not activity.open and now - activity.last > idle_exit:
            LOG.info("idle for %.0f s", idle_exit)
            server.should_exit = True


def _leave(signal_number: int, frame: object) -> NoReturn:
    raise SystemExit(0)
