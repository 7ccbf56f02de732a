"""Photochrom: color for black-and-white photographs, their tones untouched.

    import photochrom
    from pathlib import Path

    options = photochrom.Options(style="calm")
    photochrom.colorize_file(Path("scan.tif"), Path("color.tif"), options)

The names in `__all__` are the public API; everything else may change with any version. They load on first use, so that
`import photochrom` alone brings in neither numpy nor OpenVINO. `examples/public_api.py` uses most of them.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from photochrom.adjustments import Adjustments
    from photochrom.errors import (
        BadPicture,
        BadRequest,
        Cancelled,
        ExtraMissing,
        ModelDamaged,
        ModelMissing,
        OutputFailed,
        PhotochromError,
    )
    from photochrom.image.picture import Picture, open_picture
    from photochrom.options import Options
    from photochrom.pipeline import Colors, predict
    from photochrom.pipeline.files import Result, colorize_file
    from photochrom.sampling.proxy import Proxy

__all__ = [
    "Adjustments",
    "BadPicture",
    "BadRequest",
    "Cancelled",
    "Colors",
    "ExtraMissing",
    "ModelDamaged",
    "ModelMissing",
    "Options",
    "OutputFailed",
    "PhotochromError",
    "Picture",
    "Proxy",
    "Result",
    "__version__",
    "colorize_file",
    "open_picture",
    "predict",
]

_HOMES = {
    "photochrom.adjustments": ("Adjustments",),
    "photochrom.errors": (
        "BadPicture",
        "BadRequest",
        "Cancelled",
        "ExtraMissing",
        "ModelDamaged",
        "ModelMissing",
        "OutputFailed",
        "PhotochromError",
    ),
    "photochrom.image.picture": ("Picture", "open_picture"),
    "photochrom.options": ("Options",),
    "photochrom.pipeline": ("Colors", "predict"),
    "photochrom.pipeline.files": ("Result", "colorize_file"),
    "photochrom.sampling.proxy": ("Proxy",),
}
"""Module -> the public names that it defines."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(importlib.import_module(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
