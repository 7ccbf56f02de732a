"""What happened to the files of a batch, in the terms of PREMIS 3: one table, a row for each event.

The columns are PREMIS' semantic units; types, roles and outcomes are from the vocabularies at id.loc.gov. Identifiers
are made of the batch and the event, so the same event always has the same.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from photochrom import __version__
from photochrom.batch.deposit.bag import finished, identifier
from photochrom.batch.journal import Entry, Journal
from photochrom.batch.manifest import Place
from photochrom.batch.messages import GRAY

NAME: Final = "premis-events.csv"

_COLUMNS: Final = (
    *("eventIdentifierType", "eventIdentifierValue", "eventType", "eventDateTime", "eventDetail"),
    *("eventOutcome", "eventOutcomeDetailNote"),
    *("linkingAgentIdentifierType", "linkingAgentIdentifierValue", "linkingAgentRole"),
    *("linkingObjectIdentifierType", "linkingObjectIdentifierValue", "linkingObjectRole"),
    *("linkingObject2IdentifierType", "linkingObject2IdentifierValue", "linkingObject2Role"),
)


def write(folder: Path, journal: Journal, place: Place) -> None:
    """Writes the table into `folder`; `place`: of the results, relative to it."""
    batch = uuid.uuid5(uuid.NAMESPACE_URL, identifier(journal))
    with (folder / NAME).open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.DictWriter(file, _COLUMNS)
        rows.writeheader()
        for entry in journal.entries():
            for event in _events(entry, place, signed=bool(journal.settings.c2pa_certificate)):
                rows.writerow(_identity(batch, f"{event['eventType']} {entry.id} {entry.finished}") | event)
        rows.writerow(_identity(batch, f"package {finished(journal)}") | _package(journal))


def _identity(batch: uuid.UUID, event: str) -> dict[str, str]:
    return {
        "eventIdentifierType": "UUID",
        "eventIdentifierValue": str(uuid.uuid5(batch, event)),
        "linkingAgentIdentifierType": "software",
        "linkingAgentIdentifierValue": "Photochrom",
        "linkingAgentRole": "executing program",
    }


def _events(entry: Entry, place: Place, signed: bool) -> Iterator[dict[str, str]]:
    when = {"eventDateTime": entry.finished or ""}
    source = _object(f"{entry.source}{f', page {entry.page}' if entry.page else ''}", "source")
    if entry.state == "failed":
        yield when | source | _event("creation", "Colors were to be added", "fail", entry.reason)
    if entry.state != "done":
        return
    result = _object(str(place(entry)), "outcome", "2")
    note = f"SHA-256 {entry.source_sha256}"
    yield when | source | _event("fixity check", "Hashed before and after it was read", "success", note)
    note = f"SHA-256 {entry.result_sha256}, {entry.result_bytes} bytes"
    yield when | source | result | _event("creation", _made(entry), "success", note)
    if signed and entry.colorizer != GRAY:
        yield (
            when | source | result | _event("digital signature generation", "Content Credentials (C2PA)", "success", "")
        )


def _made(entry: Entry) -> str:
    if entry.colorizer == GRAY:
        return "Written without color, as somebody decided; its tones are the photograph's"
    return f"Colors added by an algorithm, colorizer {entry.colorizer}; its tones are the photograph's"


def _package(journal: Journal) -> dict[str, str]:
    agent = {"linkingAgentIdentifierValue": f"Photochrom {__version__}"}
    when = {"eventDateTime": finished(journal)}
    package = _object(identifier(journal), "outcome")
    return agent | when | package | _event("information package creation", "BagIt", "success", "")


def _event(kind: str, detail: str, outcome: str, note: str) -> dict[str, str]:
    return {"eventType": kind, "eventDetail": detail, "eventOutcome": outcome, "eventOutcomeDetailNote": note}


def _object(name: str, role: str, number: str = "") -> dict[str, str]:
    start = f"linkingObject{number}"
    return {f"{start}IdentifierType": "path", f"{start}IdentifierValue": name, f"{start}Role": role}
