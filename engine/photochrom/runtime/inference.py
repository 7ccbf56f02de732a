"""Networks that OpenVINO runs, one picture at a time on the CPU; and OpenVINO itself, which is imported here alone.

They compute in float32, whatever else the processor can: left to itself, OpenVINO takes bfloat16 where there is some,
and the same photograph gets other colors on another machine. PHOTOCHROM_PRECISION=bf16 asks for that all the same, for
tests of how much it matters.

Its package is imported by `lean_openvino`: quickly, and without telling anybody.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photochrom import __version__
from photochrom.errors import BadRequest, ModelDamaged
from photochrom.runtime import compiled_networks, lean_openvino

if TYPE_CHECKING:
    import openvino

    from photochrom.models import Card
else:
    openvino = lean_openvino.imported()

__all__ = ["PRECISION", "compiled", "opened", "openvino", "precision", "read"]

PRECISION: Final = "float32"
"""What networks compute in, unless the environment says otherwise: what models' cards state."""

_NAMES: Final = {"f32": PRECISION, "bf16": "bfloat16"}
"""What may be asked for, and what it is called."""


def read(structure: Path, weights: Path) -> openvino.Model:
    """A network from its two files (.xml, .bin). Their hashes must have been checked."""
    return openvino.Core().read_model(structure, weights)


def opened(
    card: Card, name: str, change: Callable[[openvino.Model], openvino.Model] | None = None, changed_by: str = ""
) -> Any:
    """A card's network, of the files NAME.xml and NAME.bin, ready to be asked as from `compiled`.

    `change`: what becomes of it before it is compiled; `changed_by` stands for all that decides that, beside the files.
    It is kept compiled for the next process; files that did not change since are not read then.

    Raises:
        ModelDamaged: a file is missing or differs from the card, or OpenVINO makes nothing of it.
        BadRequest: PHOTOCHROM_PRECISION names none.
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
    except RuntimeError as error:  # the files are those of the card: what was made is none, or of a later OpenVINO
        said = str(error).strip().splitlines() or ["no reason given"]
        raise ModelDamaged(
            f"OpenVINO {openvino.__version__} cannot read the network of {card.name}: {said[-1].strip()}",
            "Update OpenVINO (pip install -U openvino), or install the model again.",
        ) from error
    if key:
        compiled_networks.keep(key, network)
    return network


def compiled(network: openvino.Model) -> Any:
    """The network, ready to be asked; from several threads, each with a request of its own.

    Raises:
        BadRequest: PHOTOCHROM_PRECISION names none.
    """
    return openvino.Core().compile_model(network, "CPU", _hints())


def _hints() -> dict[str, str]:
    return {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": _hint()}


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
