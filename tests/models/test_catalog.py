"""The catalog: every card says what the store, the dialog and the list rely on."""

import importlib
import re

import pytest
from photochrom import colorizers
from photochrom.cli.train_systems import SYSTEMS
from photochrom.errors import ModelMissing
from photochrom.models import catalog
from photochrom.models.recognition import networks_of

LENGTHS = {"sha256": 64, "sha1": 40, "md5": 32}
EVERY = catalog.published()
NAMES = {
    "zhang2016", "zhang2017", "iizuka2016", "iizuka2016-imagenet", "larsson2016", "ddcolor", "ddcolor-paper",
    "ddcolor-artistic", "ddcolor-tiny", "deoldify-artistic", "deoldify-stable", "su2020", "chromagan",
}  # fmt: skip


def test_every_published_colorizer_is_there():
    assert {entry.name for entry in catalog.published("colorizer")} == NAMES
    names = [entry.name for entry in EVERY]
    assert names == sorted(set(names))


@pytest.mark.parametrize("entry", EVERY, ids=[entry.name for entry in EVERY])
def test_every_card_is_whole(entry):
    assert (catalog.folder() / f"{entry.name}.json").is_file()
    assert re.fullmatch("[a-z0-9-]+", entry.name)
    assert entry.kind in {"colorizer", "segmenter"}
    assert {"version", "paper", "year", "proxy_side"} <= entry.details.keys()
    assert entry.details["proxy_side"] > 0
    assert entry.parameters > 0
    assert "\n" not in entry.good_at
    assert all((entry.good_at, entry.license, entry.weights_license))
    assert bool(entry.why_not) is not entry.fetch
    if entry.fetch:
        assert all(each.address.startswith("https://") for each in entry.checkpoints)


@pytest.mark.parametrize("entry", EVERY, ids=[entry.name for entry in EVERY])
def test_every_checkpoint_can_be_distinguished_from_the_others(entry):
    for each in entry.checkpoints:
        for kind, value in each.hashes.items():
            assert re.fullmatch("[0-9a-f]{8,}", value)
            assert len(value) == LENGTHS[kind] or f"{kind}_prefix" in str(entry.details["checkpoints"])
        assert "/" not in each.download
        assert each.bytes is None or each.bytes > 1000
    assert len({each.file_name for each in entry.checkpoints}) == len(entry.checkpoints)


@pytest.mark.parametrize("entry", EVERY, ids=[entry.name for entry in EVERY])
def test_every_network_has_its_checkpoint_and_its_layout(entry):
    networks = networks_of(entry)
    assert sorted(networks) == sorted(each.network for each in entry.checkpoints)
    for network in networks.values():
        assert network.layout()
    package = {"colorizer": "colorizers", "segmenter": "segmenters"}[entry.kind]
    assert callable(importlib.import_module(f"photochrom.{package}.{entry.system}").open_model)


@pytest.mark.parametrize("entry", catalog.trainable(), ids=lambda entry: entry.name)
def test_every_trainable_model_has_its_card_its_command_and_its_system(entry):
    assert (catalog.folder().with_name("trainable") / f"{entry.name}.json").is_file()
    assert {"version", "paper", "year", "proxy_side", "kind"} <= entry.details.keys()
    assert entry.name in SYSTEMS
    assert entry.parameters > 0
    assert all((entry.good_at, entry.license))
    assert entry.name not in NAMES
    assert callable(importlib.import_module(f"photochrom.colorizers.{entry.system}").open_model)
    with pytest.raises(ModelMissing) as failed:
        catalog.find(entry.name)
    assert failed.value.next_step == f"Run: photochrom train {entry.name} DATA --run RUN"


def test_sizes_are_sums_where_they_are_known():
    assert catalog.find("ddcolor").bytes == 911_914_869
    assert catalog.find("ddcolor").size == "912 MB"
    assert catalog.find("su2020").bytes is None
    assert catalog.find("su2020").size.startswith("about ")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ModelMissing, match="zhang2016"):
        catalog.find("nobody")


def test_one_that_is_not_installed_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    with pytest.raises(ModelMissing) as failed:
        colorizers.load("ddcolor")
    assert failed.value.cause == "ddcolor is not installed (912 MB)."
    assert failed.value.next_step == "Run: photochrom models fetch ddcolor"
    with pytest.raises(ModelMissing) as failed:
        colorizers.load("iizuka2016")
    assert "NC" in failed.value.next_step
    assert "photochrom models import FILE" in failed.value.next_step
    with pytest.raises(ModelMissing, match="no colorizer named 'nobody'"):
        colorizers.load("nobody")
