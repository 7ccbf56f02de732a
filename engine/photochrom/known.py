"""What was found on the last photographs, kept for the next time: an editor sends its layer anew with every action."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

MOST_PHOTOGRAPHS: Final = 3


class Known:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._on: dict[Hashable, dict[Hashable, Any]] = {}

    def on(self, photograph: Hashable) -> dict[Hashable, Any]:
        """What was found on the photograph that this stands for; to be added to. The one that did not come for the
        longest is forgotten for it."""
        found = self._on.pop(photograph, {})
        if len(self._on) >= MOST_PHOTOGRAPHS:
            del self._on[next(iter(self._on))]
        self._on[photograph] = found
        return found
