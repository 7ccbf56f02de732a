"""Parts that the plain install leaves out, and how one that is needed is asked for."""

from __future__ import annotations

from importlib.util import find_spec

from photochrom.errors import ExtraMissing


def need(extra: str, *modules: str) -> None:
    """Makes sure that the modules of an extra are installed, without importing them.

    Raises:
        ExtraMissing: the first that is not.
    """
    for module in modules:
        if find_spec(module) is None:
            raise ExtraMissing(f"This needs {module}.", f"Install it with: pip install 'photochrom[{extra}]'")
