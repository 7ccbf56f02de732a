"""Which other answers are shown, and what each means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom_client.kit import variants
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.settings import Settings

NAMES = st.lists(st.sampled_from(["auto", "lite", "people", "nature", "objects", "zhang2016"]), unique=True)


OTHER = {"vivid": "calm", "calm": "vivid"}


@given(st.integers(0, 9), NAMES, st.sampled_from(sorted(OTHER)))
def test_four_to_nine_are_shown_as_far_as_there_are(count, names, style):
    keys = variants.keys(count, names, style)
    there = 1 + count + 3 + len(set(names) - {"auto"})
    assert min(there, 4) <= len(keys) <= 9
    assert len(set(keys)) == len(keys)
    assert keys[0] == "0"
    assert {"muted", "strong", OTHER[style]} <= set(keys) and style not in keys
    assert "auto" not in keys


@pytest.mark.parametrize("count", [0, 1, 4, 9])
@pytest.mark.parametrize("others", [[], ["people"], [f"model{number}" for number in range(12)]])
def test_at_most_nine_each_once_the_main_answer_first(count, others):
    keys = variants.keys(count, ["auto", *others], "vivid")
    assert keys[0] == "0" and {"calm", "muted", "strong"} <= set(keys)
    assert len(keys) == len(set(keys)) == min(9, count + 4 + len(others))
    assert "auto" not in keys


def test_key_changes_one_setting():
    settings = Settings(chroma=0.5)
    assert variants.settings_of(settings, "0") == settings
    assert variants.settings_of(settings, "3") == settings._replace(variant=3)
    assert variants.settings_of(settings, "muted") == settings._replace(chroma=0.3)
    assert variants.settings_of(settings, "strong").chroma == pytest.approx(0.7)
    assert variants.settings_of(settings, "calm") == settings._replace(style="calm")
    assert variants.settings_of(settings._replace(style="calm"), "vivid") == settings
    assert variants.settings_of(settings, "people") == settings._replace(colorizer="people")


def test_another_colorizer_s_variants_are_others():
    assert variants.settings_of(Settings(variant=3), "people") == Settings("people")


def test_strong_is_no_stronger_than_the_settings_may_be():
    strong = variants.settings_of(Settings(chroma=2.0), "strong")
    assert Settings.from_dict(strong.to_dict()) == strong


def test_titles_are_for_people():
    assert variants.title("0", "") == "as predicted"
    assert variants.title("2", "red car") == "red car"
    assert variants.title("lite", "") == "lite"
    assert variants.title("calm", "red car") == "calm colors"


def test_listed_keys_are_chosen_in_their_order_and_none_is_refused():
    chosen = variants.chosen(Settings(), "muted, 2 calm")
    assert [(each.chroma, each.variant, each.style) for each in chosen] == [
        (0.6, 0, "vivid"),
        (1.0, 2, "vivid"),
        (1.0, 0, "calm"),
    ]
    with pytest.raises(Unsuitable, match="No variant"):
        variants.chosen(Settings(), " , ")
