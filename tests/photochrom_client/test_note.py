"""What editors note in an image is what the engine writes into files."""

from dataclasses import astuple

import pytest
from photochrom.image.mark import Mark, SourceNote

from photochrom_client import note
from photochrom_client.given import Given, written
from photochrom_client.note import Maker


@pytest.mark.parametrize("makers", [["lite"], ["people", "lite"], ["lite", "lite"], ["", "lite"], [""]])
def test_editors_and_engine_say_the_same(makers):
    said = note.properties([Maker(name, "0.1.0") for name in makers])
    names = note.colorizers([Maker(name, "0.1.0") for name in makers])
    assert tuple(said.values()) == astuple(Mark(names, "0.1.0").note)
    colors = (Given("object", (42, 60), (-20.1, 35.2), "green: letter of 1943"), Given("paint"))
    said = note.properties([Maker(name, "0.1.0") for name in makers], written(colors))
    assert tuple(said.values()) == astuple(Mark(names, "0.1.0", given=colors).note)
    assert note.is_ours(said)
    assert SourceNote(*said.values()).is_ours


def test_each_colorizer_is_named_once_the_newest_first():
    makers = [Maker("people", "0.2"), Maker("lite", "0.1"), Maker("people", "0.1")]
    assert note.properties(makers)["AISystemUsed"] == "Photochrom, colorizers people, lite"
    assert note.properties(makers)["AISystemVersionUsed"] == "0.2"


@pytest.mark.parametrize("stored", [None, "lite", ["lite"], ["lite", 1], {"a": 1}, 7])
def test_notes_of_earlier_versions_name_no_colorizer(stored):
    assert Maker.of(stored) == ("", "")
    assert note.properties([Maker.of(stored)])["AISystemUsed"] == "Photochrom"


def test_other_notes_are_not_ours():
    nothing = dict.fromkeys(note.PROPERTIES)
    assert not note.is_ours(nothing)
    assert not note.is_ours({**nothing, "DigitalSourceType": note.DIGITAL_SOURCE_TYPE, "AISystemUsed": "Other"})
    assert not note.is_ours({**nothing, "AISystemUsed": "Photochrom"})
