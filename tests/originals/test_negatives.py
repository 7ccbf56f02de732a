"""Negatives are told from positives, by what the embedded network sees in a picture and in its inverse."""

import json
from pathlib import Path

import numpy as np
import pytest
from photochrom import models
from photochrom.image.picture import open_picture
from photochrom.originals import negatives
from photochrom.originals.negatives import Judges, forget, is_negative, judges, proxy_side
from photochrom.sampling.proxy import Proxy

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="module")
def lightness():
    return Proxy(open_picture(PHOTOGRAPH).lightness().copy_memory()).at(proxy_side())


def test_a_photograph_is_no_negative_and_its_inverse_is_one(lightness):
    assert not is_negative(lightness)
    assert is_negative(100 - lightness)


def test_nothing_is_taken_for_a_negative_both_ways(rng):
    taught = judges()
    for _ in range(200):
        one, other = rng.normal(0, 3, (2, len(taught.second)))
        assert not (taught.is_sure(one, other) and taught.is_sure(other, one))
        assert not taught.is_sure(one, one)


def test_a_picture_that_the_first_judge_lets_go_is_not_looked_at_twice(lightness, monkeypatch):
    looked = []
    taught = Judges(np.zeros(2), -1.0, 0.0, np.ones(2), 0.0)

    class Network:
        def looks(self, seen):
            looked.append(seen)
            return np.zeros(2)

    monkeypatch.setattr(negatives, "judges", lambda: taught)
    monkeypatch.setattr(negatives.colorizers, "load", lambda name: Network())
    assert not is_negative(lightness)
    assert len(looked) == 1


def test_the_judges_know_the_network_that_ships():
    assert judges() is not None, "the network was trained anew: photochrom train negatives teaches its judges"


def test_judges_of_another_network_say_nothing(own_models, lightness):
    forget()
    path = own_models / "negatives" / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    card["training"]["features_of"] = "0" * 64
    path.write_text(json.dumps(card), encoding="utf-8")
    try:
        assert judges() is None
        assert not is_negative(100 - lightness)
    finally:
        forget()


def test_the_scores_on_the_card_keep_the_promise():
    card = models.read_card(models.shipped_folder() / "negatives" / "card.json")
    assert card.size < 100_000
    scores, held_out = card.details["scores"], card.details["training"]["held_out"]
    assert max(scores["false_alarms"], held_out["false_alarms"]) <= 0.005
    assert min(scores["noticed"], held_out["noticed"]) > 0.25
