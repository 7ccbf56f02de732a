"""A batch as a page that people look at: `report.html` in its output folder, and a folder of small pictures beside it.

The page needs no server and no network, and shows the most doubtful pictures first. People mark pictures on it;
`redo` takes the exported list.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import quote

from photochrom.batch.journal import Entry, Journal
from photochrom.batch.messages import GRAY
from photochrom.batch.report_thumbnails import FOLDER, Thumbnails
from photochrom.batch.urls import Url
from photochrom.errors import OutputFailed
from photochrom_client.protocol import ORIGINALS

NAME: Final = "report.html"
"""The page, in the output folder."""

_OURS: Final = 'content="Photochrom batch report"'
"""What says that a page was written here, and may be replaced."""

_NOTICED: Final = {"negative": "look like negatives", "faded": "faded"}
_AS: Final = {"print": "as a print", "negative": "as a negative", "faded": "as a faded print"}
"""What a picture can be redone as."""

POOR: Final = 0.1
CAUGHT: Final = ((0.25, 0.57), (0.5, 0.8), (0.75, 0.94))
"""Of the `POOR` share of the results that are farthest from the truth: which share is among the most doubtful ones
(their share, the share of the poor). Measured by `photochrom.evaluation.triage`; docs/batch.md has the command."""


def write_report(out: Path, journal: Journal, jobs: int, stopping: Callable[[], bool] = lambda: False) -> Path:
    """Writes the page of the batch in `out`, and the small pictures that are not there yet; its path.

    The caller holds `publishing.claim(out)`. `jobs` pictures are reduced at a time; `stopping` as in `runner.Run`: the
    page then shows those that are there.

    Raises:
        OutputFailed: the folder cannot be written, or it has another file of that name.
    """
    path = out / NAME
    _check_ours(path)
    done = list(journal.entries("done"))
    thumbnails = Thumbnails(out, journal.settings.place(out))
    try:
        thumbnails.make(done, jobs, stopping)
        page = _page(out, journal, done, thumbnails)
        draft = out / FOLDER / f"{NAME}.part"
        draft.write_text(page, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OutputFailed(f"{path} cannot be written: {error.strerror}.", "Make room on the disk.") from error
    return path


def _check_ours(path: Path) -> None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            if _OURS not in file.read(4096):
                raise OutputFailed(f"{path} exists, and is not a report of Photochrom.", "Move it away, then resume.")
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputFailed(f"{path} cannot be written: {error.strerror}.", "Move it away, then resume.") from error


def _page(out: Path, journal: Journal, done: list[Entry], thumbnails: Thumbnails) -> str:
    template, script = (
        files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("report.html", "report.js")
    )
    facts = {
        "key": key_of(journal),
        "folder": str(out.resolve()),
        "choices": _choices(journal),
        "pictures": [_picture(entry, thumbnails, journal.settings.store) for entry in done],
    }
    return Template(template).substitute(
        title=escape(f"Photochrom: {_shown(out.resolve().name)}"),
        about=escape(_about(journal)),
        totals=_totals(journal, done),
        triage=escape(triage_sentence()),
        failures=_table("failed", "Failures", journal.entries("failed")),
        skipped=_table("skipped", "Skipped", journal.entries("skipped")),
        batch=_embedded(facts),
        script=script,
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def key_of(journal: Journal) -> str:
    """What tells a batch from others, wherever its folder is moved: by it the browser keeps marks."""
    return hashlib.sha256(f"{journal.started.isoformat()} {journal.settings.as_json()}".encode()).hexdigest()[:24]


def triage_sentence() -> str:
    """What looking at the most doubtful pictures gives."""
    shares, found = ([f"{value:.0%}" for value in values] for values in zip(*CAUGHT, strict=True))
    return (
        f"The most doubtful pictures come first. Call poor the {POOR:.0%} of results farthest from the true colors: to "
        f"catch {_or(found)} of them, look at the first {_or(shares)} of the sheet (measured on 352 color photographs, "
        "colorized from their lightness)."
    )


def _or(values: list[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _about(journal: Journal) -> str:
    settings = journal.settings
    said = [f"Colorizer {settings.colorizer}, {settings.style} colors"]
    if settings.chroma != 1:
        said.append(f"chroma {settings.chroma:g}")
    if settings.harmonize:
        said.append("harmonized")
    if settings.original != ORIGINALS[0]:
        said.append(f"seen as {settings.original}")
    return f"{', '.join(said)}. Begun {journal.started:%Y-%m-%d %H:%M} UTC."


def _totals(journal: Journal, done: list[Entry]) -> str:
    counts = journal.counts()
    waiting = sum(counts.get(state, 0) for state in ("queued", "running", "written"))
    gray = sum(entry.colorizer == GRAY for entry in done)
    noticed = Counter(entry.noticed for entry in done)
    items: list[tuple[str, str]] = [
        (f"{sum(counts.values()):,}", "photographs"),
        (f"{counts.get('done', 0) - gray:,}", "colorized"),
        *([(f"{gray:,}", "left gray")] if gray else []),
        *((f"{count:,}", _NOTICED[str(kind)]) for kind, count in noticed.items() if kind in _NOTICED),
        (f"{counts.get('failed', 0):,}", "failed"),
        (f"{counts.get('skipped', 0):,}", "skipped"),
        *([(f"{waiting:,}", "still to do")] if waiting else []),
        (_duration(sum(entry.seconds or 0 for entry in done)), "of work"),
        (f"{sum(entry.result_bytes or 0 for entry in done) / 1e6:,.1f} MB", "of results"),
    ]
    by = Counter(entry.colorizer for entry in done if entry.colorizer not in (None, GRAY))
    items += [(f"{count:,}", f"by {name}") for name, count in by.most_common()] if len(by) > 1 else []
    return "".join(f"<li><strong>{escape(value)}</strong> {escape(label)}</li>" for value, label in items)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _table(kind: str, heading: str, entries: Iterable[Entry]) -> str:
    rows = "".join(
        f"<tr><th>{escape(_source(entry))}</th><td>{escape(_shown(f'{entry.reason} {entry.next_step}'))}</td></tr>"
        for entry in entries
    )
    if not rows:
        return ""
    count = rows.count("<tr>")
    opened = " open" if kind == "failed" and count <= 5 else ""
    return (
        f'<details id="{kind}"{opened}><summary>{heading}: {count:,}</summary>'
        f'<div class="table"><table>{rows}</table></div></details>'
    )


def _picture(entry: Entry, thumbnails: Thumbnails, store: Url | None) -> dict[str, Any]:
    digest = entry.result_sha256 or ""
    return {
        "mark": f"{entry.id}:{digest[:16]}",
        "sha256": digest,
        "name": str(entry.output),
        "source": _source(entry),
        # "./": a name that begins like a scheme must not be taken for one.
        "result": f"{store or '.'}/{quote(os.fsencode(entry.output))}",
        "before": thumbnails.before(entry),
        "after": thumbnails.after(entry),
        "by": _by(entry),
        "doubt": None if entry.uncertainty is None else round(entry.uncertainty, 4),
        "seconds": round(entry.seconds or 0, 2),
        "width": entry.width,
        "height": entry.height,
        "noticed": "" if entry.noticed in (None, ORIGINALS[0]) else entry.noticed,
        "notes": (*([entry.given + "."] if entry.given else []), *entry.notes),
    }


def _by(entry: Entry) -> str:
    """Whose colors a result has; of several, in which shares."""
    if entry.colorizer == GRAY:
        return "left gray"
    largest = sorted(entry.shares.items(), key=lambda each: -each[1])
    shares = ", ".join(f"{name} {share:.0%}" for name, share in largest if share >= 0.005)
    return shares if len(largest) > 1 and shares else str(entry.colorizer)


def _choices(journal: Journal) -> list[dict[str, str]]:
    """What a picture can be redone with; the first is another style than the batch's."""
    from photochrom import colorizers
    from photochrom_client.protocol import AUTO, STYLES

    settings = journal.settings
    choices = [(settings.colorizer, style) for style in STYLES if style != settings.style]
    names = (AUTO, *(card.name for card in colorizers.available()))
    choices += [(name, settings.style) for name in names if name != settings.colorizer]
    found = [
        {"label": f"{style} colors" if name == settings.colorizer else name, "colorizer": name, "style": style}
        for name, style in choices
    ]
    return found + [
        {"label": label, "colorizer": settings.colorizer, "style": settings.style, "original": original}
        for original, label in _AS.items()
        if original != settings.original
    ]


def _embedded(facts: dict[str, Any]) -> str:
    """As JSON that no name in it can end the script that holds it."""
    text = json.dumps(facts, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _source(entry: Entry) -> str:
    page = f", page {entry.page}" if entry.page else ""
    return _shown(f"{entry.source}{page}")


def _shown(text: str) -> str:
    """A name that need not be text as one that can be written."""
    return text.encode(errors="surrogateescape").decode(errors="replace")
