"""Inference with OpenVINO, one picture at a time on the CPU. OpenVINO is imported only here.

Networks compute in float32 on every processor: by default, OpenVINO uses bfloat16 where available, and the same
photograph would get other colors on another machine. PHOTOCHROM_PRECISION=bf16 enables it to measure the difference.

`lean_openvino` imports the package: quickly, and without telemetry.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photochrom import __version__
from photochrom.errors import BadRequest, ModelDamaged
from photochrom.frozen import update_openvino
from photochrom.runtime import compiled_networks, lean_openvino

if TYPE_CHECKING:
    import openvino

    from photochrom.models import Card
else:
    openvino = lean_openvino.imported()

__all__ = ["PRECISION", "compiled", "opened", "openvino", "precision", "read"]

PRECISION: Final = "float32"
"""The default precision, which models' cards state."""

_NAMES: Final = {"f32": PRECISION, "bf16": "bfloat16"}
"""OpenVINO's precisions, and their names on cards."""


def read(structure: Path, weights: Path) -> openvino.Model:
    """Reads a network from its two files (.xml, .bin), whose hashes were verified before."""
    return openvino.Core().read_model(structure, weights)


def opened(
    card: Card, name: str, change: Callable[[openvino.Model], openvino.Model] | None = None, changed_by: str = ""
) -> Any:
    """A card's network from the files NAME.xml and NAME.bin, compiled as by `compiled`.

    `change` edits the network before it is compiled; `changed_by` is a key for everything that this depends on besides
    the files. The compiled network is cached on disk; unchanged files are not read again then.

    Raises:
        ModelDamaged: a file is missing or differs from the card, or OpenVINO cannot read it.
        BadRequest: PHOTOCHROM_PRECISION is not a known precision.
    """
    core, hints = openvino.Core(), _hints()
    structure, weights = f"{name}.xml", f"{name}.bin"
    processor = core.get_property("CPU", "FULL_DEVICE_NAME"), *core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    hashes = card.files.get(structure, ""), card.files.get(weights, "")
    made_of = openvino.__version__, __version__, changed_by, repr(hints), *processor, *hashes
    try:
        key = compiled_networks.key_of([card.folder / structure, card.folder / weights], *made_of)
    except OSError:
        key = ""
    if key and (kept := compiled_networks.find(core, key, hints)):
        return kept
    files = card.file(structure), card.file(weights)
    try:
        read = core.read_model(*files)
        network = core.compile_model(change(read) if change else read, "CPU", hints)
    except RuntimeError as error:  # The files match the card: written by a later OpenVINO, or never valid.
        said = str(error).strip().splitlines() or ["no reason given"]
        raise ModelDamaged(
            f"OpenVINO {openvino.__version__} cannot read the network of {card.name}: {said[-1].strip()}",
            f"{update_openvino()}, or install the model again.",
        ) from error
    if key:
        compiled_networks.keep(key, network)
    return network


def compiled(network: openvino.Model) -> Any:
    """Compiles a network. Threads use it with an inference request each.

    Raises:
        BadRequest: PHOTOCHROM_PRECISION is not a known precision.
    """
    return openvino.Core().compile_model(network, "CPU", _hints())


def _hints() -> dict[str, str]:
    return {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": _hint()}


def precision() -> str:
    """The precision of networks in this process: "float32", or "bfloat16" if that is enabled and the processor has it.

    Raises:
        BadRequest: PHOTOCHROM_PRECISION is not a known precision.
    """
    return _NAMES[_hint()]


def _hint() -> str:
    asked = os.environ.get("PHOTOCHROM_PRECISION") or "f32"
    if asked not in _NAMES:
        raise BadRequest(
            f"PHOTOCHROM_PRECISION is {asked!r}, which is not a precision.", "Unset it, or set it to f32 or bf16."
        )
    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": asked})
    # Some networks cannot be compiled for an unsupported precision: read back, the property has a supported one.
    given: openvino.Type = core.get_property("CPU", "INFERENCE_PRECISION_HINT")
    return str(given.get_type_name())
