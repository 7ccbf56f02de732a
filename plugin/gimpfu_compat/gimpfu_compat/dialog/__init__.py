"""The dialog that gimpfu makes of a procedure's parameters."""

from .window import ask

__all__ = ["ask"]
