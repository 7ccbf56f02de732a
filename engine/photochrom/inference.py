"""Networks that OpenVINO runs, one picture at a time on the CPU; and OpenVINO itself, which is imported here alone.

They compute in float32, whatever else the processor can: left to itself, OpenVINO takes bfloat16 where there is some,
and the same photograph gets other colours on another machine. PHOTOCHROM_PRECISION=bf16 asks for that all the same, for
tests of how much it matters.

Left to itself, it tells Google Analytics of every import, too, and keeps an identifier in ~/intel: its package
openvino-telemetry does that. Where that cannot be imported OpenVINO goes without, and nothing leaves this computer.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

from photochrom.errors import BadRequest

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["PRECISION", "compiled", "openvino", "precision", "read"]

PRECISION: Final = "float32"
"""What networks compute in, unless the environment says otherwise: what models' cards state."""

_NAMES: Final = {"f32": PRECISION, "bf16": "bfloat16"}
"""What may be asked for, and what it is called."""


def read(structure: Path, weights: Path) -> openvino.Model:
    """A network from its two files (.xml, .bin). Their hashes must have been checked."""
    return openvino.Core().read_model(structure, weights)


def compiled(network: openvino.Model) -> Any:
    """The network, ready to be asked; from several threads, each with a request of its own.

    Raises:
        BadRequest: PHOTOCHROM_PRECISION names none.
    """
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": _hint()}
    return openvino.Core().compile_model(network, "CPU", hints)


def precision() -> str:
    """What networks compute in here: "float32", or "bfloat16" where that is asked for and the processor has it.

    Raises:
        BadRequest: PHOTOCHROM_PRECISION names none.
    """
    return _NAMES[_hint()]


def _hint() -> str:
    asked = os.environ.get("PHOTOCHROM_PRECISION") or "f32"
    if asked not in _NAMES:
        raise BadRequest(
            f"PHOTOCHROM_PRECISION is {asked!r}, which is no precision.", "Unset it, or set it to f32 or bf16."
        )
    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": asked})
    # Some networks cannot be compiled for what the processor does not have; asked back, OpenVINO gives what it has.
    given: openvino.Type = core.get_property("CPU", "INFERENCE_PRECISION_HINT")
    return str(given.get_type_name())
