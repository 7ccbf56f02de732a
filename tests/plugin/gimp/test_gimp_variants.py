"""Which other answers are shown, and what each means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def variants(load):
    return load("variants")


NAMES = st.lists(st.sampled_from(["auto", "lite", "people", "nature", "objects", "zhang2016"]), unique=True)


@given(st.integers(0, 9), NAMES)
def test_four_to_nine_are_shown_as_far_as_there_are(load, count, names):
    keys = load("variants").keys(count, names)
    there = 1 + count + 2 + len(set(names) - {"auto"})
    assert min(there, 4) <= len(keys) <= 9
    assert len(set(keys)) == len(keys)
    assert keys[0] == "0"
    assert {"muted", "vivid"} <= set(keys)
    assert "auto" not in keys


def test_keys_mean_settings(load, variants):
    settings = load("settings").Settings(chroma=0.5)
    assert variants.wish(settings, "0") == settings
    assert variants.wish(settings, "3").variant == 3
    assert variants.wish(settings, "muted").chroma == pytest.approx(0.3)
    assert variants.wish(settings, "vivid").chroma == pytest.approx(0.7)
    assert variants.wish(settings, "lite").colorizer == "lite"


def test_titles_are_for_people(variants):
    assert variants.title("0", "") == "as predicted"
    assert variants.title("2", "red car") == "red car"
    assert variants.title("lite", "") == "lite"
