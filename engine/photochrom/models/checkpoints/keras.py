"""Names of the weights in Keras's HDF5 files, which nest and number them in several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

WHOLE_MODEL = "model_weights/"
"""Where a file has the weights that also has the model's form and its optimizer's state."""
LAYERS = ("layers", "_layer_checkpoint_dependencies")
"""Where Keras 3 keeps the layers; its early releases used the second."""

Named = TypeVar("Named")


def from_hdf5(datasets: Mapping[str, Named]) -> Iterator[tuple[str, Named]]:
    """Names the datasets `<layer>/<variable>`, by what their paths say. The lists of names that Keras keeps besides are
    not needed, and strings in HDF5 can claim gigabytes.

    A layer that is a network itself has the layer within in the name too: `<layer>/<layer within>/<variable>`.
    Keras 3 (`….weights.h5`) numbers the variables of a layer: `<layer>/<variable's place>`.
    """
    root = WHOLE_MODEL if any(path.startswith(WHOLE_MODEL) for path in datasets) else ""
    weights = {path.removeprefix(root): path for path in datasets if path.startswith(root) and path.endswith(":0")}
    counts = Counter(_layer_and_variable(weight) for weight in weights)
    networks = {layer for (layer, _), count in counts.items() if count > 1}
    for weight, path in weights.items():
        layer, variable = _layer_and_variable(weight)
        within = weight.removesuffix(":0").removeprefix(f"{layer}/").removeprefix(f"{layer}/")
        yield f"{layer}/{within if layer in networks else variable}", datasets[path]
    for path, dataset in datasets.items():
        parts = path.split("/")
        if parts[0] in LAYERS and parts[-2] == "vars":
            yield "/".join(part for part in parts if part not in {*LAYERS, "vars"}), dataset


def _layer_and_variable(weight: str) -> tuple[str, str]:
    """Of `conv2d_1/conv2d_1_2/kernel:0`: what lies between depends on how often the model was made."""
    return weight.partition("/")[0], weight.removesuffix(":0").rpartition("/")[2]
