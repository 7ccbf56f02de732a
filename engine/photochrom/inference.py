"""Networks that OpenVINO runs, one picture at a time on the CPU; and OpenVINO itself, which is imported here alone.

Left to itself, it tells Google Analytics of every import and keeps an identifier in ~/intel: its package
openvino-telemetry does that. Where that cannot be imported OpenVINO goes without, and nothing leaves this computer.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["compiled", "openvino", "read"]


def read(structure: Path, weights: Path) -> openvino.Model:
    """A network from its two files (.xml, .bin). Their hashes must have been checked."""
    return openvino.Core().read_model(structure, weights)


def compiled(network: openvino.Model) -> Any:
    """The network, ready to be asked; from several threads, each with a request of its own."""
    return openvino.Core().compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
