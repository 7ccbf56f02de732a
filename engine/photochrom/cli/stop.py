"""`photochrom stop`: the running engine, ended."""

from __future__ import annotations

import typer

from photochrom.errors import PhotochromError


def stop() -> None:
    """End the engine that runs for the editors. They start it again when they need it."""
    pid = stopped()
    typer.echo("no engine was running" if pid is None else f"ended the engine, process {pid}")


def stopped() -> int | None:
    """Ends the running engine; returns its process, None if there was none. Raises PhotochromError."""
    from photochrom_client.errors import EngineError
    from photochrom_client.stop import stop as stop_engine

    try:
        return stop_engine()
    except EngineError as error:
        raise PhotochromError(error.cause, error.next_step) from error
