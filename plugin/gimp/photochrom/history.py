"""The settings of the last results, in the editor's profile. Knows nothing of GIMP."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from settings import Settings

MOST = 20


class Entry(NamedTuple):
    """`when` is local time, "2025-03-01 14:05"; `picture` the image's name; `result` the layer's."""

    when: str
    picture: str
    result: str
    settings: Settings


class History:
    """The last results, the newest first; a file that cannot be read is an empty history."""

    def __init__(self, path):
        self._path = Path(path)

    def entries(self):
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
            return [
                Entry(each["when"], each["picture"], each["result"], Settings.from_json(json.dumps(each["settings"])))
                for each in said
            ]
        except (OSError, ValueError, LookupError, TypeError):
            return []

    def add(self, picture, result, settings):
        """Puts one in front. A profile that cannot be written to keeps none: the result is there all the same."""
        now = datetime.now().strftime("%Y-%m-%d %H:%M")
        entries = [Entry(now, picture, result, settings), *self.entries()][:MOST]
        content = [{**entry._asdict(), "settings": entry.settings._asdict()} for entry in entries]
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            part.write_text(json.dumps(content, indent=1), encoding="utf-8")
            part.replace(self._path)
        except OSError:
            part.unlink(missing_ok=True)
