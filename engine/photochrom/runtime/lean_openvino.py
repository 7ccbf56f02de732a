"""Imports OpenVINO without the parts that inference does not need.

`import openvino` also imports the model converter and all versions of the operations' constructors: two thirds of the
import's processor time, more than reading a network takes. Here they are imported on first use. A later `import
openvino` gets the same package.

By default, the package openvino-telemetry reports every import to Google Analytics and keeps an identifier in ~/intel.
It is blocked here: OpenVINO works without it, and nothing leaves this computer.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

LATER: Final = re.compile(r"openvino\.(opset\d+|tools)")

CONVERTER: Final = "convert_model"
"""The only name that `openvino` takes from its tools."""


class _Later:
    """An import finder and loader that returns an empty module for each of `LATER`."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if LATER.fullmatch(name) else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        pass


def imported() -> ModuleType:
    """The package `openvino`, imported on the first call."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    if "openvino" in sys.modules:
        return sys.modules["openvino"]
    later = _Later()
    sys.meta_path.insert(0, later)
    try:
        # A version that needs one of them immediately is imported normally, below.
        with suppress(ImportError, AttributeError):
            importlib.import_module("openvino")
    finally:
        sys.meta_path.remove(later)
        empty = {name: sys.modules.pop(name) for name in list(sys.modules) if LATER.fullmatch(name)}
    package = importlib.import_module("openvino")
    for name, module in empty.items():
        short = name.removeprefix("openvino.")
        if vars(package).get(short) is module:
            delattr(package, short)
    if not hasattr(package, CONVERTER):
        package.__getattr__ = _find  # type: ignore[method-assign]
    return package


def _find(name: str) -> Any:
    """Attributes of `openvino` that are imported on first use (PEP 562)."""
    if name == CONVERTER:
        return importlib.import_module("openvino.tools.ovc").convert_model
    if LATER.fullmatch(f"openvino.{name}"):
        with suppress(ModuleNotFoundError):
            return importlib.import_module(f"openvino.{name}")
    raise AttributeError(f"module 'openvino' has no attribute {name!r}")
