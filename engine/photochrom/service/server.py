"""Runs the user's engine until it has been idle for long enough."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, NoReturn

from photochrom import __version__
from photochrom.models.loaded import LOADED
from photochrom.service.log import LOG, open_log
from photochrom.service.single_instance import AlreadyRunsError, Instance, single_instance
from photochrom_client.places import log_path, recent_batches_path, runtime_folder, spool_folder
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile

if TYPE_CHECKING:
    from fastapi import FastAPI

    from photochrom.service.batches import Batches
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

PRESENCE = 1.0
"""Seconds between two looks whether clients can still find the engine."""

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

    A batch that is not paused keeps it serving. `unload_after`: seconds without a job after which models are unloaded.
    `layer_life`: seconds without use after which a layer is deleted. `patience`: seconds without a byte after which a
    request body times out.

    Raises:
        OutputFailed: the runtime folder cannot be used.
    """
    try:
        with single_instance(runtime_folder()) as instance:
            _serve(instance, unload_after, idle_exit, layer_life, patience)
    except AlreadyRunsError as running:
        process = f" (process {running.pid})" if running.pid else ""
        print(f"A Photochrom engine already runs{process}; editors use that one.")


def _serve(
    instance: Instance, unload_after: float, idle_exit: float, layer_life: float, patience: float | None
) -> None:
    # Long, since the parts live exactly as long as this call. Uvicorn shuts down and then raises the signal again: as
    # an exception, so that the runtime file is removed.
    signal.signal(signal.SIGTERM, _leave)
    _fit_environment()
    open_log(log_path())
    from photochrom.service import guard
    from photochrom.service.batches import Batches
    from photochrom.service.downloads import Downloads
    from photochrom.service.jobs import Jobs
    from photochrom.service.layers import Layers
    from photochrom.service.recent_batches import RecentBatches
    from photochrom.service.routes import create_app
    from photochrom.service.turns import Turns

    turns = Turns()
    layers, jobs, downloads, activity = Layers(spool_folder()), Jobs(turns), Downloads(), guard.Activity()
    batches = Batches(turns, RecentBatches(recent_batches_path()))
    server: Any = None

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        activity.last = time.monotonic()  # starting was no idleness, however long it took
        housekeeping = asyncio.create_task(
            _free_unused(
                server, layers, jobs, batches, activity, unload_after=unload_after, idle_exit=idle_exit, life=layer_life
            )
        )
        presence = asyncio.create_task(_stay_reachable(server, instance))
        try:
            yield
        finally:
            presence.cancel()
            housekeeping.cancel()
            instance.withdraw()
            await downloads.close()
            await jobs.close()
            await asyncio.to_thread(batches.close)

    token = secrets.token_urlsafe(32)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        file = RuntimeFile(port, token, os.getpid(), __version__, PROTOCOL)
        app = guard.Guard(
            create_app(layers, jobs, downloads, batches, file, lifespan),
            token=token,
            port=port,
            activity=activity,
            patience=guard.PATIENCE if patience is None else patience,
        )
        server = _uvicorn(app)
        # The socket already listens: a client that reads the file now is served as soon as the loop runs.
        instance.announce(file)
        LOG.info("engine %s listens on 127.0.0.1:%d", __version__, port)
        _say(f"Photochrom {__version__} listens on 127.0.0.1:{port}; log: {log_path()}")
        try:
            server.run(sockets=[listener])
        finally:
            LOG.info("engine ends")


def _say(what: str) -> None:
    """Prints. Where that cannot be done, as a client's log of the output is on a full disk, nothing is printed from
    here on: also what waits to be printed would end the engine in the end."""
    try:
        print(what, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _uvicorn(app: Any) -> Any:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from photochrom.service.error_responses import no_http

    class PatientProtocol(H11Protocol):
        """Closes a connection that sends no request, for which uvicorn itself would wait forever, and answers what is
        no HTTP as every other error."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(HEADER_PATIENCE, self._close_silent)

        def _close_silent(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            if self.cycle is None or self.cycle.response_complete:  # else it would end up within that response
                self.transport.write(no_http())
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
    batches: Batches,
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
        if batches.working:
            continue  # it needs the models, and the engine
        used = max(jobs.last_ended, batches.last_ended)
        if used > unloaded_at and not jobs.open and now - used > unload_after:
            unloaded_at = used
            layers.drop_computed()
            LOADED.clear()
            LOG.info("models unloaded")
        if idle_exit and not jobs.open and not activity.open and now - max(activity.last, used) > idle_exit:
            LOG.info("idle for %.0f s", idle_exit)
            server.should_exit = True


async def _stay_reachable(server: Any, instance: Instance) -> None:
    """Announces the engine again when its runtime file is gone; ends it when another one has taken its place."""
    while True:
        await asyncio.sleep(PRESENCE)
        try:
            if instance.keep_announced():
                continue
            LOG.warning("another engine has taken over")
            server.should_exit = True
            return
        except OSError as error:
            LOG.warning("cannot write the runtime file: %s", error)


def _fit_environment() -> None:
    """Undoes what the editor's environment would bring in: FastAPI exports traces where its variables ask for it; and
    a limit on open files that suits a shell, not a server."""
    os.environ["OTEL_SDK_DISABLED"] = "true"
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Refused where the hard limit is "unlimited" but the kernel has another one.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _leave(signal_number: int, frame: object) -> NoReturn:
    raise SystemExit(0)
