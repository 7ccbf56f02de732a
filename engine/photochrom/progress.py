"""How work reports its progress, and how it is stopped."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0…1) and what is being done; raises `errors.Cancelled` to stop the work."""


def silent(_fraction: float, _message: str) -> None:
    """Ignores progress."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """For a part of the work: its 0…1 is reported as `start`…`end`."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)
