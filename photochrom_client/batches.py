"""Batches: folders of photographs that the engine colorizes by itself, whatever becomes of the editor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from .connection import Connection, understanding
from .errors import EngineError
from .protocol import AUTO, BATCH_FORMATS, CHROMA, HARMONIZE, ORIGINALS, STYLES, Route
from .settings import RANGES

FORMATS = ("", *BATCH_FORMATS)


class BatchSettings(NamedTuple):
    """How a batch colorizes: `colorizer`, `style`, `original`, `chroma` and `harmonize` as in `settings.Settings`.
    `format`: suffix of the results, "" for that of each photograph. `include_color`: photographs that are in color
    already, too. `mark`: the results' metadata say that an algorithm made their colors. `album`: the photographs of
    each folder belong together, the same things get one color."""

    colorizer: str = AUTO
    style: str = STYLES[0]
    chroma: float = CHROMA.default
    harmonize: float = HARMONIZE.default
    format: str = ""
    include_color: bool = False
    mark: bool = True
    album: bool = False
    original: str = ORIGINALS[0]

    def options(self) -> dict[str, Any]:
        """Their JSON form for the engine. An older one refuses words that it does not know, so the newer ones are said
        only by who wants them."""
        options = {**self._asdict(), "format": self.format or None}
        unwanted = {name for name in ("album", "original") if options[name] == self._field_defaults[name]}
        return {name: value for name, value in options.items() if name not in unwanted}

    def to_json(self) -> str:
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> BatchSettings:
        """Reads what `to_json` wrote, also in another version; what is missing or invalid becomes the default."""
        try:
            stored = json.loads(text)
        except ValueError:
            return cls()
        if not isinstance(stored, dict):
            return cls()
        values: dict[str, Any] = {}
        if isinstance(stored.get("colorizer"), str):
            values["colorizer"] = stored["colorizer"]
        for name, known in (("style", STYLES), ("original", ORIGINALS), ("format", FORMATS)):
            if stored.get(name) in known:
                values[name] = stored[name]
        for name in ("chroma", "harmonize"):
            least, most = RANGES[name]
            if type(stored.get(name)) in {int, float} and least <= stored[name] <= most:
                values[name] = float(stored[name])
        for name in ("include_color", "mark", "album"):
            if type(stored.get(name)) is bool:
                values[name] = stored[name]
        return cls(**values)


class BatchProgress(NamedTuple):
    """How far a batch is.

    `state`: "planning" while its photographs are looked for, "running", "paused", "stopping" while those in hand are
    finished, "reporting" while its report is written; at last "done", "stopped" where some are left to do, or "failed"
    with its `error`. `total` photographs, of which so many are `done`, `failed`, and `skipped`, since they are in color
    already. `file`: name of the one that was finished last. `seconds_left`: an estimate, None if unknown. `report`:
    path of its report, "" while there is none. `looked`: so many photographs of an album were looked at, which comes
    before they are colored; None before and after.
    """

    output: str
    state: str
    total: int
    done: int
    failed: int
    skipped: int
    file: str
    seconds_left: float | None
    report: str
    error: EngineError | None
    looked: int | None = None

    @property
    def ended(self) -> int:
        """How many photographs are done, failed or skipped."""
        return self.done + self.failed + self.skipped

    @property
    def under_way(self) -> bool:
        return self.state not in {"done", "stopped", "failed"}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> BatchProgress:
        """From the JSON of a batch."""
        error = said["error"]
        failure = None if error is None else EngineError(error["cause"], error["next_step"], error["code"])
        values = {name: said[name] for name in cls._fields if name not in {"error", "looked"}}
        return cls(**values, error=failure, looked=said.get("looked"))  # older engines look at none


class Batch:
    """One batch; `progress` is how far it was when the engine was asked last. Its methods ask the engine, and raise
    `RequestRefused` and `EngineGone`."""

    def __init__(self, connection: Connection, said: Mapping[str, Any]) -> None:
        self._connection = connection
        with understanding():
            self.id = str(said["batch"])
            self.progress = BatchProgress.of(said)

    def refresh(self) -> None:
        """Asks how far it is."""
        self._ask("GET", Route.BATCH)

    def pause(self) -> None:
        """Begins no further photograph for now; those in hand are finished."""
        self._ask("POST", Route.BATCH_PAUSE)

    def resume(self) -> None:
        """Goes on after a pause, a stop, or the end of an engine."""
        self._ask("POST", Route.BATCH_CONTINUE)

    def retry(self) -> None:
        """Goes on, and tries the failed photographs again."""
        self._ask("POST", Route.BATCH_RETRY)

    def stop(self) -> None:
        """Stops it when those in hand are finished."""
        self._ask("POST", Route.BATCH_STOP)

    def _ask(self, method: str, route: str) -> None:
        said = self._connection.ask(method, route.format(batch_id=self.id))
        with understanding():
            self.progress = BatchProgress.of(said)
