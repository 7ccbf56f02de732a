"""Which variants are shown, and what each means."""

import pytest


@pytest.fixture(scope="module")
def variants(load):
    return load("variants")


@pytest.mark.parametrize("count", [0, 1, 4, 9])
@pytest.mark.parametrize("others", [[], ["people"], [f"model{number}" for number in range(12)]])
def test_at_most_nine_each_once_the_main_answer_first(variants, count, others):
    keys = variants.keys(count, ["auto", *others])
    assert keys[0] == "0" and {"muted", "vivid"} <= set(keys)
    assert len(keys) == len(set(keys)) == min(9, count + 3 + len(others))
    assert "auto" not in keys


def test_key_changes_one_setting(variants, load):
    settings = load("settings").Settings(chroma=0.5)
    assert variants.settings_of(settings, "3") == settings._replace(variant=3)
    assert variants.settings_of(settings, "muted") == settings._replace(chroma=0.3)
    assert variants.settings_of(settings, "people") == settings._replace(colorizer="people")


def test_vivid_is_no_stronger_than_the_settings_may_be(variants, load):
    settings = load("settings")
    vivid = variants.settings_of(settings.Settings(chroma=2.0), "vivid")
    assert settings.fitting(vivid._asdict()) == vivid
