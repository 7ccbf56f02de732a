"""Talks to the Photochrom engine from inside an editor: finds or starts it, sends a layer, brings colors back.

What the editors' plug-ins have in common beside that is in `kit`: history, previews, variants, downloads, batches.
What engine and clients agree on is in `protocol`, `places` and `runtime_file`, which the engine imports as well.

Standard library only, Python 3.10 and later: it runs in whatever Python the editor brings.

    engine = photochrom_client.connect(plugin_folder, on_progress)
    with engine.upload(width, height, lightness, icc=profile) as layer:
        job = layer.colorize({"chroma": 1.0}, on_progress)
        small = job.preview()                     # for a dialog
        for strip in job.strips(rows=256):        # "CIE Lab alpha float"
            buffer.set(0, strip.y, width, strip.rows, strip.data)

Every failure is an `EngineError` with a cause, a next step and the place of the engine's log.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batches import Batch, BatchProgress, BatchSettings
    from .engine import (
        Colorizer,
        Engine,
        Job,
        Layer,
        Mask,
        Model,
        Preview,
        Segmenter,
        Strip,
        connect,
    )
    from .errors import (
        Cancelled,
        EngineError,
        EngineGone,
        EngineIncompatible,
        EngineMissing,
        EngineNotStarted,
        JobFailed,
        RequestRefused,
        Unexpected,
    )
    from .events import Suggestion
    from .places import log_path, runtime_folder
    from .translation import translated

__all__ = [
    "Batch",
    "BatchProgress",
    "BatchSettings",
    "Cancelled",
    "Colorizer",
    "Engine",
    "EngineError",
    "EngineGone",
    "EngineIncompatible",
    "EngineMissing",
    "EngineNotStarted",
    "Job",
    "JobFailed",
    "Layer",
    "Mask",
    "Model",
    "Preview",
    "RequestRefused",
    "Segmenter",
    "Strip",
    "Suggestion",
    "Unexpected",
    "connect",
    "log_path",
    "runtime_folder",
    "translated",
]

_HOMES = {
    "batches": ("Batch", "BatchProgress", "BatchSettings"),
    "engine": (
        *("Colorizer", "Engine", "Job", "Layer", "Mask", "Model", "Preview", "Segmenter", "Strip"),
        "connect",
    ),
    "errors": (
        *("Cancelled", "EngineError", "EngineGone", "EngineIncompatible", "EngineMissing", "EngineNotStarted"),
        *("JobFailed", "RequestRefused", "Unexpected"),
    ),
    "events": ("Suggestion",),
    "places": ("log_path", "runtime_folder"),
    "translation": ("translated",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Loads a name on first use: the engine, which imports `protocol` from here, needs no HTTP client."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value
