"""Settings are kept as text, and whatever comes back from there is usable."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.service.routes import Wish


@pytest.fixture(scope="module")
def settings(load):
    return load("settings")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"variant": 3},
        {"reference": "regions", "reference_file": "/a/b.jpg"},
        {"object": {"x": 0.25, "y": 1.0}, "colour": (12.0, -30.0)},
        {"object": {"selection": True}},
    ],
)
def test_what_was_written_is_read(settings, more):
    chosen = settings.Settings("people", 0.6, 0.25, 0.5, 1.0, "mobile-sam")._replace(**more)
    assert settings.read(chosen.written()) == chosen


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_is_the_default(settings, text):
    assert settings.read(text) == settings.Settings()


NAMES = (
    *("colorizer", "chroma", "warmth", "neutrals", "harmonise", "segmenter"),
    *("variant", "reference", "object", "colour"),
)


@given(
    st.fixed_dictionaries(
        {},
        optional={name: st.none() | st.booleans() | st.floats(-1e9, 1e9) | st.text(max_size=5) for name in NAMES},
    )
)
def test_what_makes_no_sense_is_left_out(settings, said):
    fitting = settings.fitting(said)
    for scale in settings.SCALES:
        assert scale.least <= getattr(fitting, scale.field) <= scale.most
    assert isinstance(fitting.colorizer, str) and isinstance(fitting.segmenter, str)
    Wish.model_validate(fitting._replace(colorizer="auto", segmenter="").wish())


@pytest.mark.parametrize("colour", [None, "red", [1], [float("nan"), 0.0], [200.0, 0.0], [True, 1.0]])
def test_colour_that_makes_no_sense_is_the_most_probable(settings, colour):
    assert settings.fitting({"object": {"selection": True}, "colour": colour}).colour is None


@pytest.mark.parametrize("found", [None, {"x": 0.5}, {"x": 2.0, "y": 0.0}, {"selection": False}, [0.5, 0.5]])
def test_object_that_makes_no_sense_is_none(settings, found):
    assert settings.fitting({"object": found}).object is None


def test_engine_takes_every_wish(settings):
    """Names and ranges are those of the service, whose model refuses what it does not know."""
    for end in ("least", "most"):
        values = {scale.field: getattr(scale, end) for scale in settings.SCALES}
        Wish.model_validate(settings.Settings(**values).wish())
    pointed = settings.Settings(object={"x": 0.0, "y": 1.0}, colour=(10.0, 20.0), reference="palette", variant=9)
    Wish.model_validate(pointed.wish())
