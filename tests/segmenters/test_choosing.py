"""Which segmenters there are, and which is taken."""

import importlib
import json
import threading

import pytest
from photochrom import segmenters
from photochrom.errors import Cancelled, ModelMissing
from photochrom.models.loaded import LOADED


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    LOADED.clear()
    yield tmp_path
    LOADED.clear()


def install(store, name, parameters):
    (store / name).mkdir()
    card = {"name": name, "kind": "segmenter", "system": "sam", "version": "2023", "good_at": f"As {name} does",
            "license": "Apache-2.0", "files": {}, "proxy_side": 1024, "parameters": parameters}  # fmt: skip
    (store / name / "card.json").write_text(json.dumps(card))


def test_the_embedded_one_is_always_there(store):
    assert [choice.name for choice in segmenters.available()] == ["felzenszwalb"]
    assert segmenters.default() == "felzenszwalb"
    assert segmenters.load("felzenszwalb").proxy_side >= 256


def test_the_largest_installed_model_is_the_default(store):
    install(store, "sam-vit-b", 93_735_472)
    install(store, "mobile-sam", 10_130_092)
    assert [choice.name for choice in segmenters.available()] == ["felzenszwalb", "mobile-sam", "sam-vit-b"]
    assert segmenters.available()[1].good_at == "As mobile-sam does"
    assert segmenters.default() == "sam-vit-b"


def test_a_missing_one_is_reported_with_the_installed_ones(store):
    install(store, "mobile-sam", 10_130_092)
    with pytest.raises(ModelMissing, match=r"no segmenter named 'sam-vit-h'.*felzenszwalb, mobile-sam"):
        segmenters.load("sam-vit-h")


def test_a_segmenter_stays_loaded_until_all_are_dropped(store):
    kept = segmenters.load("felzenszwalb")
    assert segmenters.load("felzenszwalb") is kept
    LOADED.clear()
    assert segmenters.load("felzenszwalb") is not kept


def test_progress_reaches_the_one_that_is_loaded_and_who_waits_may_give_up(store, monkeypatch):
    install(store, "mobile-sam", 10_130_092)
    told = []

    def opened(card, progress):
        progress(0.5, f"Preparing {card.name}")
        return card

    monkeypatch.setattr(importlib.import_module("photochrom.segmenters.sam"), "open_model", opened)

    def meanwhile(done, doing):
        told.append((done, doing))
        thread.start()
        thread.join()

    def second():
        with pytest.raises(Cancelled):
            segmenters.load("mobile-sam", give_up)
        told.append("gave up")

    def give_up(_done, doing):
        assert doing.startswith("Waiting")
        raise Cancelled

    thread = threading.Thread(target=second)
    first = segmenters.load("mobile-sam", meanwhile)
    assert told == [(0.5, "Preparing mobile-sam"), "gave up"]
    assert segmenters.load("mobile-sam", give_up) is first
