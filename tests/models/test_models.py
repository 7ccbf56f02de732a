"""Cards, and files that are what their card says."""

import json
import shutil

import pytest
from photochrom import models
from photochrom.colorizers.lite import open_model
from photochrom.errors import ModelDamaged


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "lite"
    shutil.copytree(models.shipped_folder() / "lite", folder)
    return folder


HOW_MADE = {
    "lite": {"recipe", "sources", "pictures_seen", "seconds"},
    "router": {"objective", "backbone", "seed", "photographs", "cpsnr", "baselines", "learning_curve"},
}


def test_every_shipped_model_has_a_whole_card():
    cards = models.shipped()
    assert "lite" in [card.name for card in cards]
    for card in cards:
        for name in card.files:
            assert card.file(name).is_file()
        assert card.size <= 20e6
        assert {"training", "scores", "papers", "parameters"} <= card.details.keys()
        assert HOW_MADE[card.system] | {"command", "torch"} <= card.details["training"].keys()
    assert sum(card.size for card in cards) <= 80e6


def test_a_changed_file_is_noticed_before_it_is_used(copy):
    weights = copy / "lite.bin"
    content = bytearray(weights.read_bytes())
    content[1000] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelDamaged, match="is not the file that the card"):
        open_model(models.read_card(copy / "card.json"))


def test_a_missing_file_is_named(copy):
    (copy / "lite.bin").unlink()
    with pytest.raises(ModelDamaged, match=r"no readable lite\.bin"):
        open_model(models.read_card(copy / "card.json"))


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"name": "lite"})])
def test_a_broken_card_is_named(copy, text):
    (copy / "card.json").write_text(text)
    with pytest.raises(ModelDamaged, match=r"card\.json is no model card"):
        models.read_card(copy / "card.json")
