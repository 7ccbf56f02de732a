"""Names of weights in Keras's HDF5 files, whose nesting and numbering differ between versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

WHOLE_MODEL = "model_weights/"
"""The group of the weights in files that also store the model's configuration and its optimizer's state."""
LAYERS = ("layers", "_layer_checkpoint_dependencies")
"""The group of the layers in Keras 3; its early releases used the second name."""

Named = TypeVar("Named")


def from_hdf5(datasets: Mapping[str, Named]) -> Iterator[tuple[str, Named]]:
    """Names the datasets `<layer>/<variable>`, from their paths. Keras's own lists of names are not read: they are not
    needed, and strings in HDF5 can claim gigabytes.

    For a nested network, the inner layer is part of the name: `<layer>/<inner layer>/<variable>`. Keras 3
    (`….weights.h5`) numbers the variables of a layer: `<layer>/<number>`.
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
    """Of `conv2d_1/conv2d_1_2/kernel:0`: the middle part depends on how often the model was built."""
    return weight.partition("/")[0], weight.removesuffix(":0").rpartition("/")[2]
