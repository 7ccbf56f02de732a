"""What a dialog shows of a picture: all of it, as large as its room allows, or a part at 100 %."""

from __future__ import annotations

from typing import NamedTuple

from .preview import fit

LEAST = (540, 390)
"""Pixels of the picture in the smallest window: dialogs fit a screen of 1366 × 768 then."""

MOST = (2000, 1500)
"""Pixels of the copy of the photograph that is shown as a whole, in the largest window."""

Pair = tuple[int, int]


class Visible(NamedTuple):
    """A picture of `size` in a view of `shown` pixels; `corner` is where a part at 100 % begins, None for the whole."""

    size: Pair
    shown: Pair
    corner: tuple[float, float] | None = None

    @property
    def whole(self) -> Pair:
        """Pixels that all of the picture would take at this scale."""
        return self.shown if self.corner is None else self.size

    def scales(self, width: int, height: int) -> tuple[float, float]:
        """By what a copy of the whole picture of this size is enlarged, across and down."""
        return self.whole[0] / width, self.whole[1] / height

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a pixel of the view is in the picture: 0…1 across and down."""
        left, top = self.corner or (0, 0)
        return min(1.0, max(0.0, (left + x) / self.whole[0])), min(1.0, max(0.0, (top + y) / self.whole[1]))


def shown(size: Pair, room: Pair, at_full_size: bool) -> Pair:
    """How many pixels a view takes of its room."""
    return (min(size[0], room[0]), min(size[1], room[1])) if at_full_size else fit(*size, *room)


class PaintWatch:
    """Tells when painted hints have changed and the brush rests, from looks at their fingerprint."""

    def __init__(self, fingerprint: object = None) -> None:
        self.read(fingerprint)

    def read(self, fingerprint: object) -> None:
        """The hints were read as they are."""
        self._read = self._seen = fingerprint

    def look(self, fingerprint: object) -> bool:
        """Whether they are to be read now: they differ from what was read, and not from the last look."""
        rests, self._seen = fingerprint == self._seen, fingerprint
        return rests and fingerprint != self._read
