"""Reaches the user's running engine, and nobody else: another user's program may listen on the port of an engine that
was killed."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import lock
from .connection import Connection
from .errors import EngineError, EngineGone
from .places import runtime_folder
from .protocol import PROOFS, Route
from .runtime_file import NAME, RuntimeFile
from .translation import translated as _


class Status(NamedTuple):
    """What a running engine reports: its `version`, the `pid` of its process, and the newest `protocol` it speaks."""

    version: str
    pid: int
    protocol: int

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Status:
        """From the JSON of `Route.STATUS`. Raises LookupError, TypeError for anything else."""
        return cls(answer["version"], answer["pid"], answer["protocol"][-1])


class Running(NamedTuple):
    """A running engine: its runtime file, a connection for work with it, and what it reports."""

    file: RuntimeFile
    connection: Connection
    status: Status


def find(timeout: float) -> Running | None:
    """The user's running engine, of any version; None if there is none.

    The token is sent to an engine that has proved to know it.

    Raises:
        EngineGone: it does not answer within `timeout` seconds.
    """
    folder = runtime_folder()
    try:
        file = RuntimeFile.read(folder / NAME)
    except (OSError, ValueError):
        return None
    if not lock.is_held(folder):
        return None
    connection = Connection(file.port, file.token, timeout)
    try:
        if file.protocol.newest >= PROOFS and not _proves(file, timeout):
            return None
        status = Status.of(connection.ask("GET", Route.STATUS))
    except EngineGone as error:
        if isinstance(error.__cause__, TimeoutError):
            raise hung(file.pid) from error
        return None
    except (EngineError, LookupError, TypeError):
        return None
    # Work takes longer than saying hello.
    return Running(file, Connection(file.port, file.token), status) if status.pid == file.pid else None


def hung(pid: int) -> EngineGone:
    """The error for an engine that does not answer."""
    way_out = _("End process {pid}.")
    if sys.platform == "linux":  # where `stop` can tell for sure which process it is
        way_out = _("Run “photochrom stop” in a terminal: it ends process {pid}.")
    return EngineGone(_("The Photochrom engine does not answer."), way_out.format(pid=pid))


def _proves(file: RuntimeFile, timeout: float) -> bool:
    nonce = secrets.token_hex(32)
    answer = Connection(file.port, None, timeout).ask("GET", f"{Route.PROOF}?nonce={nonce}")
    return file.is_proof(nonce, answer["proof"])
