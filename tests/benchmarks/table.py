"""A table of what was measured beside something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HEADS = ("", "before", "now", "before : now", "target")


@dataclass(frozen=True)
class Row:
    """One measure of two things, in `unit`. `target` is the goal for the ratio, or for `now` by itself."""

    what: str
    before: float
    now: float
    unit: str
    target: str = ""

    @property
    def ratio(self) -> float:
        return self.before / self.now

    @property
    def cells(self) -> tuple[str, ...]:
        values = (_short(value) for value in (self.before, self.now))
        return (self.what, *(f"{value} {self.unit}" for value in values), f"{self.ratio:.2f}", self.target)


def lines(rows: Iterable[Row]) -> list[str]:
    """The rows under their heads, in columns: words to the left, figures to the right."""
    cells = [HEADS, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if 0 < place < len(HEADS) - 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
