"""The manifest of a batch: what became of every file, one line each, as JSON and as a table.

`manifest.jsonl` and `manifest.csv` lie beside the results, with paths relative to their folder, and are made anew from
the journal. A spreadsheet opens the one, scripts read the other.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any, Final

from photochrom.batch.journal import Entry, Journal
from photochrom.batch.settings import chosen
from photochrom.image.atomic import replacing

NAMES: Final = ("manifest.jsonl", "manifest.csv")

_COLUMNS: Final = (
    *("source", "page", "output", "state", "reason"),
    *("source_sha256", "tones_sha256", "result_sha256", "result_bytes", "width", "height"),
    *(
        "colorizer",
        "shares",
        "model_sha256",
        "settings",
        "settings_sha256",
        "uncertainty",
        "noticed",
        "given",
        "seconds",
        "finished",
    ),
)


Place = Callable[[Entry], PurePosixPath]
"""Where the result of a file is, relative to the manifest's folder."""


def write(folder: Path, journal: Journal, place: Place = lambda entry: entry.output) -> None:
    """Writes both files into `folder`, by default the output folder; each is whole, or what it was before.

    Raises:
        OutputFailed: they cannot be written.
    """
    lines, table = (folder / name for name in NAMES)
    with replacing(lines) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        for values in _lines(journal, place):
            file.write(json.dumps(values) + "\n")
    with (
        replacing(table) as unfinished,
        unfinished.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        rows = csv.DictWriter(file, _COLUMNS)
        rows.writeheader()
        for values in _lines(journal, place):
            rows.writerow(
                {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
            )


def _lines(journal: Journal, place: Place) -> Iterator[dict[str, object]]:
    settings = asdict(journal.settings)
    del settings["c2pa_key"]  # where a secret is kept is nobody's business
    for entry in journal.entries():
        values = {name: getattr(entry, name) for name in _COLUMNS if name != "settings"}
        values |= {"source": str(entry.source), "output": str(place(entry)), "settings": _settings(settings, entry)}
        yield {name: values[name] for name in _COLUMNS}


def _settings(settings: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """Those of the batch; colorizer, style and original are those that somebody chose for this file."""
    if entry.colorizer_wanted is None:
        return settings
    return settings | chosen(entry.colorizer_wanted)
