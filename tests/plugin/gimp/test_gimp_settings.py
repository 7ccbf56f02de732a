"""What was chosen: to the engine, into JSON and back; the paper's tint."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def settings(load):
    return load("settings")


def test_options_say_all_that_was_chosen(settings):
    options = settings.Settings("lite", 0.8, 0.1, 0.2, (3.0, 4.0), 0.5, "slic").options()
    assert options == {
        "colorizer": "lite",
        "chroma": 0.8,
        "warmth": 0.1,
        "neutrals": 0.2,
        "tint": [3.0, 4.0],
        "harmonise": 0.5,
        "segmenter": "slic",
        "variant": 0,
    }


def test_options_name_an_object_and_its_colour(settings):
    options = settings.Settings(object={"x": 0.5, "y": 0.25}, colour=(1.0, 2.0)).options()
    assert (options["object"], options["colour"]) == ({"x": 0.5, "y": 0.25}, [1.0, 2.0])
    assert settings.Settings(object={"selection": True}).options()["colour"] is None


def test_settings_come_back_from_json(settings):
    chosen = settings.Settings(
        "people", 1.5, -0.25, 1.0, (2.5, 9.0), 0.75, "", "normal-layer", 2, "palette", "/a/ü.png"
    )
    assert settings.Settings.from_json(chosen.to_json()) == chosen
    chosen = chosen._replace(object={"selection": True}, colour=(-5.0, 6.0), source=17)
    assert settings.Settings.from_json(chosen.to_json()) == chosen


def test_settings_of_another_version_are_understood(settings):
    assert settings.Settings.from_json('{"chroma": 0.5, "moonlight": 3}') == settings.Settings(chroma=0.5)


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"tint": [1]}'])
def test_what_is_no_settings_is_refused(settings, text):
    with pytest.raises(ValueError):
        settings.Settings.from_json(text)


def lab(*pixels):
    return b"".join(struct.pack("<3f", *each) for each in pixels)


def test_gray_layer_has_no_tint(settings):
    assert settings.tint_of(lab(*[(50, 0.8, -1.2)] * 100)) == (0, 0)


def test_toned_layer_has_its_mean_tint_however_much_of_it_is_gray(settings):
    assert settings.tint_of(lab(*[(50, 5, 20)] * 20, *[(60, 7, 24)] * 20, *[(0, 0, 0)] * 60)) == pytest.approx((6, 22))


def test_stain_is_no_tint(settings):
    assert settings.tint_of(lab(*[(50, 40, 20)] * 5, *[(60, 0, 0)] * 95)) == (0, 0)


@given(st.lists(st.tuples(st.floats(0, 100, width=32), *[st.floats(-120, 120, width=32)] * 2), max_size=30))
def test_tint_is_one_that_the_engine_takes(load, pixels):
    assert all(-40 <= each <= 40 for each in load("settings").tint_of(lab(*pixels)))
