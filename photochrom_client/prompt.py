"""What shows a segmenter which object is meant: clicks on it and off it, a box around it, and its size."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

from .protocol import MAX_CLICKS, SIZE

SIZE_STEP = 0.25
"""By how much "larger" and "smaller" change the size."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, 0…1 across and down the photograph, with the right side right of the left one."""


class Click(NamedTuple):
    """A click, 0…1 across and down the photograph: on the object, or `away` from it."""

    x: float
    y: float
    away: bool = False


class Prompt(NamedTuple):
    """The object at clicks, in the order they were made, or in a box, or both. `size`: -1 as small as it can mean …
    1 as large."""

    clicks: tuple[Click, ...] = ()
    box: Box | None = None
    size: float = SIZE.default

    @property
    def shows_object(self) -> bool:
        """Whether there is a click on the object or a box around it, without which nothing can be found."""
        return self.box is not None or any(not click.away for click in self.clicks)

    def clicked(self, x: float, y: float, away: bool = False) -> Prompt:
        """With another click; with `MAX_CLICKS` of them already, the same. A click away from nothing is one on it."""
        if len(self.clicks) >= MAX_CLICKS:
            return self
        return self._replace(clicks=(*self.clicks, Click(x, y, away and self.shows_object)))

    def boxed(self, x: float, y: float, other_x: float, other_y: float) -> Prompt:
        """A new object, in the box between two of its corners."""
        return Prompt(box=(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)))

    def undone(self) -> Prompt:
        """Without the last click, or the box if there is no click."""
        if self.clicks:
            return self._replace(clicks=self.clicks[:-1])
        return Prompt()

    def resized(self, steps: int) -> Prompt:
        """Larger by so many steps, or smaller."""
        return self._replace(size=min(SIZE.most, max(SIZE.least, self.size + steps * SIZE_STEP)))

    def to_json(self) -> dict[str, Any]:
        """The form that the engine takes, and that documents keep: that of an older engine where it says the same."""
        if len(self.clicks) == 1 and self.box is None and self.size == SIZE.default:
            return {"x": self.clicks[0].x, "y": self.clicks[0].y}
        clicks = [click._asdict() for click in self.clicks]
        return {"clicks": clicks, "box": None if self.box is None else list(self.box), "size": self.size}

    @classmethod
    def from_json(cls, stored: Any) -> Prompt | None:
        """Reads what `to_json` wrote; None for what shows no object, or is out of range."""
        if not isinstance(stored, dict):
            return None
        given = [stored] if "x" in stored else stored.get("clicks")
        if not isinstance(given, (list, tuple)) or len(given) > MAX_CLICKS:
            return None
        clicks = [_click(each) for each in given]
        size = stored.get("size", SIZE.default)
        box = _box(stored.get("box"))
        if (
            None in clicks
            or (box is None and stored.get("box") is not None)
            or not _within(size, SIZE.least, SIZE.most)
        ):
            return None
        found = cls(tuple(click for click in clicks if click is not None), box, float(size))
        return found if found.shows_object else None


def _click(stored: Any) -> Click | None:
    if not isinstance(stored, dict):
        return None
    x: Any = stored.get("x")
    y: Any = stored.get("y")
    away = stored.get("away", False)
    if not (_within(x, 0, 1) and _within(y, 0, 1) and isinstance(away, bool)):
        return None
    return Click(float(x), float(y), away)


def _box(stored: Any) -> Box | None:
    if not isinstance(stored, (list, tuple)) or len(stored) != 4 or not all(_within(each, 0, 1) for each in stored):
        return None
    left, top, right, bottom = map(float, stored)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _within(number: Any, least: float, most: float) -> bool:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return least <= number <= most and isfinite(number)
