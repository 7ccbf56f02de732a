"""All parts, by name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from . import command_kills, engine_kills, full_disks, many_clients, many_jobs, pictures, strange_requests
from .table import Row

PARTS: Final[dict[str, Callable[[Path, int, int], Iterator[Row]]]] = {
    "engine_kills": engine_kills.run,
    "command_kills": command_kills.run,
    "pictures": pictures.run,
    "requests": strange_requests.run,
    "jobs": many_jobs.run,
    "clients": many_clients.run,
    "disks": full_disks.run,
}
"""Each takes an empty folder, the number of attempts, and a seed, and gives what it found so far after each attempt."""
