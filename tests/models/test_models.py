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
    "clicks": {"data", "photographs", "held_out", "seed", "features_of"},
    "negatives": {"photographs", "held_out_photographs", "scans_of_prints", "seed", "features_of"},
}


def test_every_shipped_model_has_a_whole_card():
    cards = models.shipped()
    assert "lite" in [card.name for card in cards]
    for card in cards:
        for name in card.files:
            assert card.file(name).is_file()
        assert {"training", "scores", "papers", "parameters"} <= card.details.keys()
        assert HOW_MADE[card.system] | {"command", "torch"} <= card.details["training"].keys()
        folders = {card.folder: card.size for card in cards}
    assert max(folders.values()) <= 26e6
    assert sum(folders.values()) <= 40e6


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
    with pytest.raises(ModelDamaged, match=r"card\.json is not a model card"):
        models.read_card(copy / "card.json")


def test_a_damaged_card_in_the_store_is_removed_and_brought_again(tmp_path, monkeypatch, own_models):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))
    folder = shutil.copytree(own_models / "lite", tmp_path / "store" / "mine")
    (folder / "card.json").write_text("{")
    (own_models / "lite" / "card.json").write_text("{")
    with pytest.raises(ModelDamaged) as brought:
        models.read_card(folder / "card.json")
    assert brought.value.next_step == "Run “photochrom models remove mine”, then fetch or import it again."
    with pytest.raises(ModelDamaged) as shipped:
        models.read_card(own_models / "lite" / "card.json")
    assert shipped.value.next_step.startswith("Install Photochrom again")


def test_what_other_processes_do_to_the_store_is_seen_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))

    def stored():
        return {card.name: card.good_at for card in models.installed() if card.folder.parent == tmp_path / "store"}

    def write(name, good_at, path=None):
        values = json.loads((models.shipped_folder() / "lite" / "card.json").read_text())
        path = path or tmp_path / "store" / name / "card.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values | {"name": name, "good_at": good_at}))
        return path

    assert stored() == {}
    write("one", "a")
    assert stored() == {"one": "a"}
    write("two", "b")
    assert stored() == {"one": "a", "two": "b"}
    write("one", "c", tmp_path / "beside.json").replace(tmp_path / "store" / "one" / "card.json")
    assert stored() == {"one": "c", "two": "b"}
    write("two", "longer")
    assert stored() == {"one": "c", "two": "longer"}
    (tmp_path / "store" / "one").rename(tmp_path / "gone")
    assert stored() == {"two": "longer"}


def test_a_card_that_is_the_same_is_not_read_again(copy):
    assert models.read_card(copy / "card.json") is models.read_card(copy / "card.json")
