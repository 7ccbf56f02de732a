"""Benchmarks: `pytest tests/benchmarks --benchmark-only`. Their figures are printed below pytest-benchmark's own table,
with the machine's load, and are kept in its JSON as `extra_info`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import PYTHONPATH

from . import table
from .table import Row

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH}

Figures = dict[str, float | str]
LINES = pytest.StashKey[list[tuple[str, Figures]]]()
ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture
def note(request: pytest.FixtureRequest, benchmark) -> Callable[..., None]:
    """Keeps figures of a benchmark: `note(seconds=1.2)`."""

    def keep(**figures: float | str) -> None:
        benchmark.extra_info.update(figures)
        request.config.stash.setdefault(LINES, []).append((request.node.name, figures))

    return keep


@pytest.fixture
def compare(request: pytest.FixtureRequest, benchmark) -> Callable[..., Row]:
    """Keeps a row of the table, and returns it: `compare("start", 2.0, 0.5, "s", target="≥ 3")`."""

    def keep(*measure: str | float, **more: str) -> Row:
        row = Row(*measure, **more)
        benchmark.extra_info[row.what] = {"before": row.before, "now": row.now, "unit": row.unit}
        request.config.stash.setdefault(ROWS, []).append(row)
        return row

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines, rows = config.stash.get(LINES, []), config.stash.get(ROWS, [])
    if not lines and not rows:
        return
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    terminalreporter.section(f"figures ({os.cpu_count()} cores, load {load})")
    for line in table.lines(rows) if rows else ():
        terminalreporter.write_line(line)
    for name, figures in lines:
        said = (f"{key.replace('_', ' ')} {_short(value)}" for key, value in figures.items())
        terminalreporter.write_line(f"{name.removeprefix('test_')}: {' · '.join(said)}")


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"
