"""The model of a file with an unknown hash: narrowed down by names first, so that few networks are imported and
built."""

import subprocess
import sys

import pytest
import torch
from photochrom.errors import CheckpointRefused
from photochrom.models import catalog, recognition
from photochrom.progress import silent
from safetensors.torch import save_file

EVERY = catalog.published()


@pytest.mark.parametrize("entry", EVERY, ids=[entry.name for entry in EVERY])
def test_a_networks_own_layout_has_a_telling_name(entry):
    networks = recognition.networks_of(entry)
    for each in entry.checkpoints:
        assert each.may_have(networks[each.network].layout())


def test_only_networks_that_a_telling_name_makes_likely_are_built(tmp_path, monkeypatch):
    save_file({"model8.6.weight": torch.zeros(1)}, tmp_path / "any.safetensors")
    asked = []
    networks_of = recognition.networks_of
    monkeypatch.setattr(recognition, "networks_of", lambda entry: asked.append(entry.name) or networks_of(entry))
    with pytest.raises(CheckpointRefused, match="not a checkpoint of"):
        recognition.recognize([tmp_path / "any.safetensors"], EVERY, silent)
    assert set(asked) == {"zhang2016", "iizuka2016", "iizuka2016-imagenet"}


RECOGNIZED = """
import sys
from pathlib import Path
from photochrom.errors import CheckpointRefused
from photochrom.models import catalog, recognition
try:
    recognition.recognize([Path(sys.argv[1])], catalog.published(), lambda *_: None)
except CheckpointRefused:
    print(sorted({"timm", "torchvision", "segment_anything", "spandrel", "torch._dynamo"} & sys.modules.keys()))
"""


def test_what_takes_seconds_to_import_is_not_imported_for_others(tmp_path):
    save_file({"model8.6.weight": torch.zeros(1)}, tmp_path / "any.safetensors")
    words = [sys.executable, "-c", RECOGNIZED, str(tmp_path / "any.safetensors")]
    assert subprocess.run(words, capture_output=True, check=True, text=True).stdout.strip() == "[]"


def test_a_checkpoint_may_come_in_parts(tmp_path):
    entry = catalog.find("zhang2017")
    layout = recognition.networks_of(entry)["weights"].layout()
    tensors = {name: torch.zeros(shape) for name, shape in layout.items()}
    paths = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for path, names in zip(paths, (list(layout)[:30], list(layout)[30:]), strict=True):
        save_file({name: tensors[name] for name in names}, path)
    (found,) = recognition.recognize(paths, [entry], silent)
    assert [each.path for each in found.files] == paths
    assert found.names == "one.safetensors + two.safetensors"
    assert found.fits == {"zhang2017": {"weights"}}
    with pytest.raises(CheckpointRefused, match=r"one\.safetensors is not a checkpoint"):
        recognition.recognize(paths[:1], [entry], silent)
