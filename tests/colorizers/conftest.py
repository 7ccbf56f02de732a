"""Published models with random weights: checkpoints as their authors would have saved them, installed as the store
does it."""

import hashlib
import json

import pytest
import torch
from photochrom.models import catalogue, read_card
from safetensors.torch import save_file


@pytest.fixture(scope="session")
def random_tensors():
    """Shapes by name -> tensors that keep a signal alive through many layers: He's initialisation, and normalisations
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
    return torch.randn(shape) * (2 / torch.tensor(shape[1:]).prod()) ** 0.5


@pytest.fixture(scope="session")
def install():
    """A function (folder, name, module, checkpoints by network, details that differ) -> the card of the model of this
    name, installed from checkpoints as published."""

    def put(folder, name, module, checkpoints, **details):
        values = {**catalogue.find(name).details, **details, "files": {}}
        for network, tensors in checkpoints.items():
            (known,) = (each for each in catalogue.find(name).checkpoints if each.network == network)
            assert known.may_have(tensors), "such a file would not be recognised"
            adapted = module.networks(values)[network].adapt(tensors)
            path = folder / f"{network}.safetensors"
            save_file({key: tensor.contiguous() for key, tensor in adapted.items()}, path)
            with path.open("rb") as file:
                values["files"][path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        card = folder / "card.json"
        card.write_text(json.dumps(values))
        return read_card(card)

    return put
