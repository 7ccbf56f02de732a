"""Published models with random weights: checkpoints as their authors would have saved them, installed as the store
does it."""

import hashlib
import json
import math
import os

import pytest
import torch
from photochrom.models import catalog, read_card
from safetensors.torch import save_file

REPEATED = 10_000_019
"""A prime: no multiple of any size of a layer."""


@pytest.fixture(scope="session")
def random_tensors():
    """Shapes by name -> tensors that keep a signal alive through many layers: He's initialization, and normalizations
    that change something."""

    def make(shapes, seed=1907):
        torch.manual_seed(seed)
        return {name: _tensor(name, shape) for name, shape in shapes.items()}

    return make


def _tensor(name, shape):
    if name.endswith("num_batches_tracked"):
        return torch.tensor(1000)
    if name.endswith("running_var"):
        return 0.5 + torch.rand(shape)
    if name.endswith("running_mean"):
        return 0.3 * torch.rand(shape)
    if len(shape) == 1:
        return (1.0 if name.endswith("weight") else 0.0) + 0.1 * torch.randn(shape)
    return _normal(shape) * (2 / math.prod(shape[1:])) ** 0.5


def _normal(shape):
    """Random numbers; large tensors repeat them after so many that no two rows are alike. Drawing hundreds of millions
    takes seconds."""
    count = math.prod(shape)
    if count <= REPEATED:
        return torch.randn(shape)
    return torch.randn(REPEATED).repeat(-(-count // REPEATED))[:count].reshape(shape)


@pytest.fixture(scope="module")
def install():
    """A function (folder, name, module, checkpoints by network, details that differ) -> the card of the model of this
    name, installed from checkpoints as published. The same checkpoint again is linked, not written again."""
    written = {}

    def put(folder, name, module, checkpoints, **details):
        values = {**catalog.find(name).details, **details, "files": {}}
        for network, tensors in checkpoints.items():
            (known,) = (each for each in catalog.find(name).checkpoints if each.network == network)
            assert known.may_have(tensors), "such a file would not be recognized"
            path = folder / f"{network}.safetensors"
            same = name, network, id(tensors)
            if same not in written:
                adapted = module.networks(values)[network].adapt(tensors)
                save_file({key: tensor.contiguous() for key, tensor in adapted.items()}, path)
                with path.open("rb") as file:
                    written[same] = tensors, path, hashlib.file_digest(file, "sha256").hexdigest()
            _, first, values["files"][path.name] = written[same]
            if path != first:
                os.link(first, path)
        card = folder / "card.json"
        card.write_text(json.dumps(values))
        return read_card(card)

    return put
