"""How long work tells how far it is, and how it is stopped."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0…1) and what is being done; raises `errors.Cancelled` to stop the work."""


def silent(_fraction: float, _message: str) -> None:
    """The progress of nobody who waits."""
