"""The settings of the last results, in the editor's profile."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ..settings import Settings
from ..whole_files import replace_text
from .texts import ours, summary

MOST = 20

_writing = threading.Lock()


class Entry(NamedTuple):
    """`when` is local time, "2025-03-01 14:05"; `picture` the image's name; `result` the layer's."""

    when: str
    picture: str
    result: str
    settings: Settings

    @property
    def title(self) -> str:
        """ "2025-03-01 14:05   scan.tif   Portraits: Vivid, strength 80 %"."""
        return f"{self.when}   {self.picture}   {self.result.removesuffix(ours(''))}: {summary(self.settings)}"


class History:
    """The last results, the newest first. A file that cannot be read is an empty history. Thread-safe."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def entries(self) -> list[Entry]:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            return [
                Entry(
                    str(each["when"]),
                    str(each["picture"]),
                    str(each["result"]),
                    Settings.from_dict(each["settings"]),
                )
                for each in stored
            ]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return []

    def entries_of_wholes(self) -> list[Entry]:
        """Those whose settings apply to any photograph: not those of single objects."""
        return [entry for entry in self.entries() if entry.settings.object is None]

    def last(self, tint: Callable[[], tuple[float, float]]) -> Settings:
        """The settings of the last result, as far as they apply to any photograph; the default without one. `tint`
        measures that of the paper, where it is to stay."""
        for entry in self.entries_of_wholes():
            plain = entry.settings.plain()
            return plain if plain.tint is not None else plain._replace(tint=tint())
        return Settings()

    def add(self, picture: str, result: str, settings: Settings) -> None:
        """Puts a result in front. A profile that cannot be written to is ignored: the layer is in the image anyway."""
        now = datetime.now().strftime("%Y-%m-%d %H:%M")
        with _writing:
            entries = [Entry(now, picture, result, settings), *self.entries()][:MOST]
            content = [{**entry._asdict(), "settings": entry.settings.to_dict()} for entry in entries]
            with suppress(OSError):
                replace_text(self._path, json.dumps(content, indent=1))
