"""Optional dependencies (pip extras)."""

from __future__ import annotations

from importlib.util import find_spec

from photochrom.errors import ExtraMissing
from photochrom.frozen import install_extra


def need(extra: str, *modules: str) -> None:
    """Checks that modules of an extra are installed, without importing them.

    Raises:
        ExtraMissing: one of them is not.
    """
    for module in modules:
        if find_spec(module) is None:
            raise ExtraMissing(f"This needs {module}.", install_extra(extra))
