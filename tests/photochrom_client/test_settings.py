"""Settings: to the engine, into JSON and back; whatever the JSON holds, the result is usable."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from photochrom.service.messages import JobSettings

from photochrom_client.prompt import Prompt
from photochrom_client.settings import MAX_VARIANT, RANGES, SELECTED, Settings

MORE = [
    {},
    {"variant": 3},
    {"reference": "regions", "reference_file": "/a/ü.jpg"},
    {"object": Prompt().clicked(0.25, 1.0), "color": (12.0, -30.0)},
    {"object": Prompt(box=(0.1, 0.2, 0.5, 1.0), size=-0.25).clicked(0.3, 0.5).clicked(0.0, 1.0, away=True)},
    {"object": SELECTED},
    {"tint": (2.5, 9.0), "output": "normal-layer"},
    {"tint": None},
    {"style": "calm"},
    {"reach": 0.9},
    {"original": "negative"},
]


def test_options_say_all_that_was_chosen():
    options = Settings("lite", 0.8, 0.1, 0.2, (3.0, 4.0), 0.5, "slic").options()
    assert options == {
        "colorizer": "lite",
        "chroma": 0.8,
        "warmth": 0.1,
        "neutrals": 0.2,
        "tint": [3.0, 4.0],
        "harmonize": 0.5,
        "segmenter": "slic",
        "variant": 0,
    }


def test_options_name_a_style_that_an_older_engine_would_not_know_only_where_it_is_chosen():
    assert Settings(style="calm").options()["style"] == "calm"
    assert "style" not in Settings().options()


def test_options_say_what_was_scanned_only_where_it_is_no_print():
    assert Settings(original="negative").options()["original"] == "negative"
    assert "original" not in Settings().options()
    assert Settings.from_dict({"original": "slide"}) == Settings()
    assert Settings(original="faded").plain() == Settings(), "another photograph is a print until it is noticed"


@pytest.mark.parametrize("said", ["loud", "", 1, None, ["calm"]])
def test_style_that_makes_no_sense_is_the_vivid_one(said):
    assert Settings.from_dict({"style": said}) == Settings()


def test_options_name_an_object_and_its_color():
    options = Settings(object=Prompt().clicked(0.5, 0.25), color=(1.0, 2.0)).options()
    assert (options["object"], options["color"]) == ({"x": 0.5, "y": 0.25}, [1.0, 2.0])
    assert Settings(object=SELECTED).options()["color"] is None


@pytest.mark.parametrize("more", MORE)
def test_settings_come_back_from_json(more):
    chosen = Settings("people", 1.5, -0.25, 1.0, harmonize=0.75, segmenter="mobile-sam")._replace(**more)
    assert Settings.from_json(chosen.to_json()) == chosen


def test_layer_of_the_previous_version_keeps_its_meaning():
    """As the plug-ins for GIMP and for Krita stored it when each had settings of its own."""
    of_gimp = {
        **{"colorizer": "lite", "chroma": 0.9, "warmth": 0.4, "neutrals": 0.3, "tint": [3.5, 12.0], "harmonize": 0.7},
        **{"segmenter": "", "output": "normal-layer", "variant": 2, "reference": "palette", "reference_file": "/a.png"},
        **{"object": None, "color": None, "source": 17},
    }
    assert Settings.from_dict(of_gimp) == Settings(
        "lite", 0.9, 0.4, 0.3, (3.5, 12.0), 0.7, "", "normal-layer", 2, "palette", "/a.png"
    )
    of_krita = {
        **{"colorizer": "people", "chroma": 0.6, "warmth": 0.25, "neutrals": 0.5, "harmonize": 1.0, "segmenter": "sam"},
        **{"variant": 0, "reference": "", "reference_file": "", "object": {"x": 0.5, "y": 0.5}, "color": [1.0, 2.0]},
    }
    assert Settings.from_dict(of_krita) == Settings(
        "people", 0.6, 0.25, 0.5, (0.0, 0.0), 1.0, "sam", object=Prompt().clicked(0.5, 0.5), color=(1.0, 2.0)
    )


def test_settings_of_another_version_are_understood():
    assert Settings.from_json('{"chroma": 0.5, "moonlight": 3}') == Settings(chroma=0.5)


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "3", "null"])
def test_what_is_no_settings_is_refused(text):
    with pytest.raises(ValueError):
        Settings.from_json(text)


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.floats() | st.integers(-(10**400), 10**400), max_size=3)
    | st.fixed_dictionaries({"x": st.floats(), "y": st.floats()})
    | st.fixed_dictionaries(
        {"clicks": st.lists(st.fixed_dictionaries({"x": st.floats(0, 1), "y": st.floats(0, 1)}), max_size=3)},
        optional={"box": st.lists(st.floats(0, 1.1), min_size=4, max_size=4), "size": st.floats(-1, 1)},
    )
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the first draw, on a busy machine
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Settings._fields, ANYTHING)))
def test_what_makes_no_sense_is_left_out(said):
    found = Settings.from_json(json.dumps(said))
    for name, (least, most) in RANGES.items():
        assert least <= getattr(found, name) <= most
    assert isinstance(found.colorizer, str) and isinstance(found.segmenter, str)
    known = found._replace(colorizer="auto", segmenter="", tint=found.tint or (0.0, 0.0))
    JobSettings.model_validate(known.options())
    assert Settings.from_json(found.to_json()) == found


def test_what_is_out_of_range_is_at_its_end():
    assert Settings.from_dict({"chroma": 2.8, "warmth": -3, "tint": [90, -90]}) == Settings(
        chroma=2.0, warmth=-1.0, tint=(40.0, -40.0)
    )


@pytest.mark.parametrize("color", [None, "red", [1], [float("nan"), 0.0], [200.0, 0.0], [True, 1.0]])
def test_color_that_makes_no_sense_is_the_most_probable(color):
    assert Settings.from_dict({"object": {"selection": True}, "color": color}).color is None


@pytest.mark.parametrize("found", [None, {"x": 0.5}, {"x": 2.0, "y": 0.0}, {"selection": False}, [0.5, 0.5]])
def test_object_that_makes_no_sense_is_none(found):
    assert Settings.from_dict({"object": found}).object is None


def test_engine_takes_every_wish():
    """Names and ranges are those of the service, whose model refuses what it does not know."""
    for end in (0, 1):
        JobSettings.model_validate(Settings(**{name: ends[end] for name, ends in RANGES.items()}).options())
    for more in MORE:
        JobSettings.model_validate(Settings()._replace(**{**more, "tint": (1.0, 2.0)}).options())
    JobSettings.model_validate(Settings(variant=MAX_VARIANT).options())


def test_plain_settings_can_be_had_for_any_photograph():
    chosen = Settings("people", 0.5, segmenter="sam", output="normal-layer")
    rest = {
        "variant": 2,
        "reference": "palette",
        "reference_file": "/a",
        "object": SELECTED,
        "color": (1, 2),
    }
    assert chosen._replace(**rest).plain() == chosen
    assert chosen._replace(tint=(5.0, 20.0)).plain().tint is None
    assert chosen._replace(tint=None).plain().tint is None
