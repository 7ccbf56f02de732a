"""`photochrom serve`: the engine that editors talk to."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    unload_after: Annotated[
        float, typer.Option(metavar="MINUTES", help="Unload models from memory after this long without work.")
    ] = 15,
    exit_after: Annotated[
        float, typer.Option(metavar="MINUTES", help="Exit after this long without a request; 0: never.")
    ] = 60,
) -> None:
    """Run the engine for the editors' plugins. They start it themselves, and share one."""
    from photochrom import frozen, service
    from photochrom_client.finding import remember

    remember(frozen.engine_command())
    service.run(unload_after=unload_after * 60, idle_exit=exit_after * 60)
