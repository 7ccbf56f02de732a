"""Progress of a stage as part of the whole."""

from __future__ import annotations

from collections.abc import Callable

Show = Callable[[float, str], object]
"""Shows how much of the whole is done, 0…1, and what is being done."""


def stage(start: float, end: float, show: Show) -> Callable[[float, str], None]:
    """A callback for a stage's own progress (0…1) that shows it as `start`…`end` of the whole."""

    def on_progress(fraction: float, message: str) -> None:
        show(start + (end - start) * min(1.0, max(0.0, fraction)), message)

    return on_progress
