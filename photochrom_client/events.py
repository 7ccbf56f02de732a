"""Events that the engine streams while a job or a download runs, one JSON object on each line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import engine_words
from .connection import Answer, gone, understanding
from .errors import Cancelled, JobFailed
from .protocol import ORIGINALS

Ask = Callable[[float, str], None]
"""Called with a fraction 0…1 and the current step; raises to stop the work."""


class Suggestion(NamedTuple):
    """A probable color for an object: CIE a*, b* (D50), its probability 0…1; `rgb` to show it, sRGB 0…1."""

    a: float
    b: float
    probability: float
    rgb: tuple[float, float, float]


class Running(NamedTuple):
    """The work waits or runs."""

    progress: float
    message: str


class Done(NamedTuple):
    """The work is done. A download has none of these values; `Job` explains them."""

    colorizer: str
    scores: dict[str, float]
    titles: dict[str, str]
    title: str
    variants: int
    suggestions: list[Suggestion]
    noticed: str


class Failed(NamedTuple):
    """The work failed."""

    cause: str
    next_step: str
    code: str


class Stopped(NamedTuple):
    """The work was canceled."""


Event = Running | Done | Failed | Stopped


def follow(events: Answer, ask: Ask) -> Done:
    """Reads events up to the last one. Raises `JobFailed`, `Cancelled`, `EngineGone`, and what `ask` raises."""
    while line := events.line():
        with understanding():
            event = parsed(json.loads(line))
        match event:
            case Running(progress, message):
                ask(progress, message)
            case Done() as done:
                return done
            case Failed(cause, next_step, code):
                raise JobFailed(cause, next_step, code)
            case Stopped():
                raise Cancelled("Cancelled.", code="cancelled")
    raise gone(EOFError("the events ended early"))


def parsed(event: Mapping[str, Any]) -> Event:
    """The value of one line; its texts for people in the user's language."""
    state = event["state"]
    if state == "done":
        return Done(
            colorizer=event.get("colorizer") or "",
            scores=dict(event.get("scores") or {}),
            titles={name: engine_words.sentence(title) for name, title in (event.get("titles") or {}).items()},
            title=engine_words.variant(event.get("title") or ""),
            variants=int(event.get("variants") or 0),
            suggestions=[
                Suggestion(each["a"], each["b"], each["probability"], tuple(each["rgb"]))
                for each in event.get("suggestions") or ()
            ],
            noticed=event.get("noticed") or ORIGINALS[0],
        )
    if state == "failed":
        error = event["error"]
        return Failed(error["cause"], error["next_step"], error["code"])
    if state == "cancelled":
        return Stopped()
    return Running(float(event["progress"]), engine_words.work(event["message"]))
