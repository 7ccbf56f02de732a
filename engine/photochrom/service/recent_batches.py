"""Which folders had batches lately: what an engine that was started anew can offer to resume."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from photochrom.service.log import LOG

MOST = 8
"""Folders that are kept."""


class RecentBatches:
    """The list in the file `path`, which need not exist. What a batch is and how far it got is in its own folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def folders(self) -> list[Path]:
        """The output folders, the latest first; some may be gone."""
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        texts = stored if isinstance(stored, list) else []
        return [Path(each) for each in texts if isinstance(each, str) and Path(each).is_absolute()][:MOST]

    def add(self, folder: Path) -> None:
        """Puts a folder in front. A list that cannot be written is no reason not to run a batch."""
        kept = [str(folder), *(str(each) for each in self.folders() if each != folder)][:MOST]
        part = self._path.with_suffix(".part")
        try:
            with suppress(FileExistsError):
                self._path.parent.mkdir(mode=0o700, parents=True)
            part.write_text(json.dumps(kept), encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            LOG.warning("the list of batches cannot be written: %s", error)
