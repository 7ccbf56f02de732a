"""Names of the weights in Keras's HDF5 files, which number and nest them in several ways."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

LAYERS = ("layers", "_layer_checkpoint_dependencies")
"""Where Keras 3 keeps the layers; its early releases used the second."""

Named = TypeVar("Named")


def from_hdf5(file: Any, datasets: Mapping[str, Named]) -> Iterator[tuple[str, Named]]:
    """Names the datasets `<layer>/<variable>`, layers in the network's order.

    A layer that is a network itself has the layer within in the name too: `<layer>/<layer within>/<variable>`.
    Keras 3 (`….weights.h5`) numbers the variables of a layer: `<layer>/<variable's place>`.
    """
    root = file.get("model_weights", file)
    folder = root.name.strip("/") + "/" if root is not file else ""
    for layer in _listed(root, "layer_names"):
        weights = _listed(root[layer], "weight_names")
        variables = [_variable(weight) for weight in weights]
        alone = len(set(variables)) == len(variables)
        for weight, variable in zip(weights, variables, strict=True):
            name = variable if alone else weight.removesuffix(":0").removeprefix(f"{layer}/")
            yield f"{layer}/{name}", datasets[f"{folder}{layer}/{weight}"]
    for path, dataset in datasets.items():
        parts = path.split("/")
        if parts[0] in LAYERS and parts[-2] == "vars":
            yield "/".join(part for part in parts if part not in {*LAYERS, "vars"}), dataset


def _variable(weight: str) -> str:
    return weight.removesuffix(":0").rpartition("/")[2]


def _listed(group: Any, attribute: str) -> list[str]:
    """A list of names; one too long for an attribute goes on in `<attribute>0`, `<attribute>1`, …"""
    numbered = (f"{attribute}{place}" for place in itertools.count())
    attributes = [attribute, *itertools.takewhile(lambda each: each in group.attrs, numbered)]
    names = [name for each in attributes if each in group.attrs for name in group.attrs[each]]
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]
