"""The user's preferences, in a file of their own in the editor's profile."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..whole_files import replace_text

NAME = "photochrom-settings.json"


class Preferences:
    """`profile` is the editor's folder for the user's settings."""

    def __init__(self, profile: str | os.PathLike[str]) -> None:
        self._path = Path(profile) / NAME

    def saved(self, name: str, default: Any) -> Any:
        """A preference of the user's."""
        return self._all().get(name, default)

    def save(self, name: str, value: Any) -> None:
        """In a profile that cannot be written to, it holds for this run only."""
        with suppress(OSError):
            replace_text(self._path, json.dumps({**self._all(), name: value}))

    def note_wanted(self) -> bool:
        """Whether metadata get a note of who made the colors: the last choice in any dialog; at first True."""
        return self.saved("note", True) is not False

    def want_note(self, on: bool) -> None:
        """Remembers that choice."""
        if on != self.note_wanted():
            self.save("note", on)

    def _all(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
