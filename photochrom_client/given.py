"""The colors of a picture that a person gave, each with how it is known: as values, and as text in a file's metadata.

The text is the value of the IPTC property AI Prompt Information (IPTC Photo Metadata Standard 2025.1), for people and
for `read`: "Colors given by a person: object at 42 % across, 60 % down, a* -20.1, b* 35.2: green: letter of 1943;
paint".
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from .protocol import MAX_GIVEN, MAX_NOTE
from .settings import Settings

PREFIX = "Colors given by a person: "

_ENTRY = (
    r"(object|paint)( at ([0-9]{1,3}) % across, ([0-9]{1,3}) % down)?"
    r"(, a\* (-?[0-9]{1,3}\.[0-9]), b\* (-?[0-9]{1,3}\.[0-9]))?(: ([^;\x00-\x1f\x7f]+))?"
)

PATTERN = f"^({PREFIX}{_ENTRY}(; {_ENTRY})*)?$"
"""What `written` gives, as a regular expression of JSON Schema."""


class Given(NamedTuple):
    """A color that a person gave: of an object, or as painted hints. `at`: percent across and down where the object
    was shown; `color`: its (a*, b*) D50; None where that is not known. `note`: how the color is known, "" where that
    is not said: then it is a person's guess."""

    what: Literal["object", "paint"]
    at: tuple[int, int] | None = None
    color: tuple[float, float] | None = None
    note: str = ""

    def __str__(self) -> str:
        place = "" if self.at is None else f" at {self.at[0]} % across, {self.at[1]} % down"
        color = "" if self.color is None else ", a* {:.1f}, b* {:.1f}".format(*self.color)
        return f"{self.what}{place}{color}" + (f": {self.note}" if self.note else "")


def tidy(note: str) -> str:
    """A note as it is kept: one line, at most `MAX_NOTE` characters, without the semicolon that separates notes."""
    line = "".join(each if each.isprintable() else " " for each in note.replace(";", ","))
    return " ".join(line.split())[:MAX_NOTE].rstrip()


def object_of(settings: Settings) -> Given | None:
    """What a person gave by recoloring an object with these settings; None where they chose nothing: the object has
    its most probable color, and nobody says that it is known."""
    wanted = settings.object
    if wanted is None or (settings.color is None and not settings.note):
        return None
    at = None
    if not isinstance(wanted, str):
        on = next((click for click in wanted.clicks if not click.away), None)
        if on is not None:
            at = round(100 * on.x), round(100 * on.y)
        elif wanted.box is not None:
            left, top, right, bottom = wanted.box
            at = round(50 * (left + right)), round(50 * (top + bottom))
    return Given("object", at, settings.color, tidy(settings.note))


def written(given: Iterable[Given]) -> str:
    """The text for metadata, "" for no colors. Each of them once, and as many as `MAX_GIVEN` characters of ASCII hold:
    others count as they are written in JSON, six times."""
    entries = list(dict.fromkeys(map(str, given)))
    lengths = itertools.accumulate(len(json.dumps(each)) for each in entries)  # with quotes for the separators
    held = [each for each, length in zip(entries, lengths, strict=True) if length <= MAX_GIVEN - len(PREFIX)]
    return PREFIX + "; ".join(held) if held else ""


def read(text: str | None) -> list[Given] | None:
    """What `written` wrote; None for any other text."""
    if text is None or not text.startswith(PREFIX):
        return None
    found = [re.fullmatch(_ENTRY, each) for each in text.removeprefix(PREFIX).split("; ")]
    if not all(found):
        return None
    return [_given(*each.groups("")) for each in found if each is not None]


def _given(what: str, _at: str, x: str, y: str, _color: str, a: str, b: str, _noted: str, note: str) -> Given:
    at = (int(x), int(y)) if x else None
    return Given("paint" if what == "paint" else "object", at, (float(a), float(b)) if a else None, note or "")
