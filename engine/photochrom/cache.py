"""What was found, kept for the next time it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Found = TypeVar("Found")


class Known:
    """The last `most` things that were found. For one thread at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, Any] = {}

    def get(self, what: Hashable, find: Callable[[], Found]) -> Found:
        """What `find` gives, kept under `what`; for it, what was not asked for the longest is forgotten."""
        found: Found = self._found.pop(what) if what in self._found else find()
        if len(self._found) >= self._most:
            del self._found[next(iter(self._found))]
        self._found[what] = found
        return found
