"""Batches to report on, and what a report's page holds."""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pyvips
from photochrom.batch import journal, publishing
from photochrom.batch.plan import Planned
from photochrom.batch.report import write_report
from photochrom.batch.settings import Settings

HOSTILE = "<img src=x onerror=alert(1)>&amp;'\"</script><script>alert(2)</script>"


class Batch:
    """A batch in a folder whose name is not plain, of photographs that were never really colorized."""

    def __init__(self, folder: Path, small: pyvips.Image) -> None:
        self.out = folder / "Größe & Öl #1 100%"
        (self.out / publishing.HIDDEN).mkdir(parents=True)
        self.box, self._small = folder / "box", small
        self.box.mkdir()
        self.notes = journal.create(publishing.journal_path(self.out), Settings(), datetime(2026, 11, 29, tzinfo=UTC))

    def add(self, name: str, doubt: float | None = 0.5, files: int | None = None, seconds: float = 1.0) -> None:
        """A picture that is done. `files`: the number of the files that it has; by default its own."""
        number = sum(self.notes.counts().values()) if files is None else files
        source, output = self.box / f"{number}.jpg", PurePosixPath(name)
        result = self.out / f"{number}.png" if files is not None else self.out / output
        if not source.exists():
            source.parent.mkdir(exist_ok=True)
            gray = self._small.resize(10)
            gray.cast("uchar").copy(interpretation="b-w").write_to_file(str(source))
            result.parent.mkdir(parents=True, exist_ok=True)
            toned = gray.bandjoin([gray * 0.7, gray * (0.3 + 0.01 * number)])
            result.write_bytes(toned.cast("uchar").copy(interpretation="srgb").pngsave_buffer())
        self.notes.add([Planned(self.box / name, self.box, 0, output, 1, 1)])
        entry = self.notes.next()
        if files is not None and not (self.out / name).exists():
            os.link(result, self.out / name)
        self.notes.written(
            entry.id, "x", colorizer="auto", shares='{"people": 0.62, "lite": 0.38}', uncertainty=doubt,
            seconds=seconds, width=640, height=490, source_sha256=digest(source), result_sha256=digest(result),
            result_bytes=1000, notes="[]",
        )  # fmt: skip
        self.notes.done(entry.id)

    def fail(self, name: str, reason: str) -> None:
        self.notes.add([Planned(self.box / name, self.box, 0, PurePosixPath(name), 1, 1)])
        self.notes.failed(self.notes.next().id, reason, "Scan it again.")

    def link_photographs(self) -> None:
        """Puts the photographs where the journal says, too, and not only under their numbers."""
        for entry in self.notes.entries("done"):
            if not entry.source.exists():
                entry.source.parent.mkdir(parents=True, exist_ok=True)
                match = next(path for path in self.box.glob("*.jpg") if digest(path) == entry.source_sha256)
                os.link(match, entry.source)

    def write(self) -> Path:
        self.link_photographs()
        return write_report(self.out, self.notes, 2)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def data_of(page: Path) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="batch">(.*?)</script>', page.read_text("utf-8"))
    facts: dict[str, Any] = json.loads(text)
    return facts
