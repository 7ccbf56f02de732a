"""What a part of the attempts found, and all of them as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 12
"""How many faults of a part are printed."""


@dataclass
class Row:
    """`what` was attempted, `tried` how often, the `faults` of ours, one sentence each, and what else was `counted`."""

    what: str
    tried: int = 0
    faults: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def cells(self) -> tuple[str, ...]:
        others = (f"{number:,} {name}" for name, number in sorted(self.counted.items()))
        return (self.what, f"{self.tried:,}", str(len(self.faults)), "; ".join(others))


def lines(rows: Iterable[Row]) -> list[str]:
    """A table in Markdown, and below it the first faults."""
    rows = list(rows)
    cells = [("attempt", "times", "faults", "of them"), ("---",) * 4, *(row.cells for row in rows)]
    faults = [f"{row.what}: {fault}" for row in rows for fault in row.faults[:SHOWN]]
    return ["| " + " | ".join(each) + " |" for each in cells] + faults
