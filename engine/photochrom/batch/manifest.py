"""The manifest of a batch: what became of every file, one line each, as JSON and as a table.

`manifest.jsonl` and `manifest.csv` lie beside the results, with paths relative to the output folder, and are made anew
from the journal. A spreadsheet opens the one, scripts read the other.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from photochrom.batch.journal import Entry, Journal
from photochrom.image.atomic import replacing

NAMES: Final = ("manifest.jsonl", "manifest.csv")

_COLUMNS: Final = (
    *("source", "page", "output", "state", "reason"),
    *("source_sha256", "tones_sha256", "result_sha256", "result_bytes", "width", "height"),
    *("colorizer", "shares", "model_sha256", "settings_sha256", "uncertainty", "seconds", "finished"),
)


def write(out: Path, journal: Journal) -> None:
    """Writes both files into the output folder `out`; each is whole, or what it was before.

    Raises:
        OutputFailed: they cannot be written.
    """
    lines, table = (out / name for name in NAMES)
    with replacing(lines) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        for values in _lines(journal):
            file.write(json.dumps(values) + "\n")
    with (
        replacing(table) as unfinished,
        unfinished.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        rows = csv.DictWriter(file, _COLUMNS)
        rows.writeheader()
        for values in _lines(journal):
            rows.writerow(values | {"shares": json.dumps(values["shares"])})


def _lines(journal: Journal) -> Iterator[dict[str, object]]:
    for entry in journal.entries():
        yield {name: _value(entry, name) for name in _COLUMNS}


def _value(entry: Entry, name: str) -> object:
    value = getattr(entry, name)
    return str(value) if name in ("source", "output") else value
