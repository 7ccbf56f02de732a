"""Prompts: built by clicks, a box and a size, taken back, and read from JSON that may hold anything."""

import pytest
from photochrom.service.error_responses import ErrorResponse
from photochrom.service.messages import JobSettings
from pydantic import ValidationError

from photochrom_client.prompt import SIZE_STEP, Click, Prompt
from photochrom_client.protocol import MAX_CLICKS


def test_clicks_are_taken_back_one_by_one_and_the_box_last():
    boxed = Prompt().boxed(0.8, 0.1, 0.2, 0.6)
    assert boxed.box == (0.2, 0.1, 0.8, 0.6)
    clicked = boxed.clicked(0.5, 0.3).clicked(0.7, 0.2, away=True)
    assert clicked.clicks == (Click(0.5, 0.3), Click(0.7, 0.2, away=True))
    assert clicked.undone().undone() == boxed
    assert boxed.undone() == Prompt()


def test_the_first_click_shows_the_object_whatever_the_button():
    assert Prompt().clicked(0.5, 0.5, away=True).shows_object
    assert not Prompt().shows_object
    assert not Prompt((Click(0.5, 0.5, away=True),)).shows_object


def test_size_stays_in_range_and_clicks_are_so_many_at_most():
    assert Prompt().resized(1).size == SIZE_STEP
    assert Prompt().resized(99).size == 1.0
    assert Prompt().resized(-99).size == -1.0
    prompt = Prompt()
    for _ in range(MAX_CLICKS + 3):
        prompt = prompt.clicked(0.5, 0.5)
    assert len(prompt.clicks) == MAX_CLICKS


def test_a_single_click_is_said_as_an_older_engine_understands_it():
    assert Prompt().clicked(0.25, 0.5).to_json() == {"x": 0.25, "y": 0.5}
    assert Prompt.from_json({"x": 0.25, "y": 0.5}) == Prompt().clicked(0.25, 0.5)


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt().clicked(0.25, 0.5, False).clicked(1.0, 0.0, True),
        Prompt().boxed(0, 0, 1, 1),
        Prompt(size=-0.5).clicked(0, 1),
        Prompt(box=(0.1, 0.2, 0.3, 0.4), size=1.0).clicked(0.2, 0.3),
    ],
)
def test_the_engine_means_what_was_said(prompt):
    assert Prompt.from_json(prompt.to_json()) == prompt
    settings = JobSettings.model_validate({"object": prompt.to_json()})
    assert settings.wanted(None).prompt == prompt


@pytest.mark.parametrize(
    "said",
    [
        {"clicks": []},
        {"clicks": [{"x": 0.5, "y": 0.5, "away": True}]},
        {"clicks": [{"x": 0.5, "y": 1.5}]},
        {"clicks": [{"x": 0.5}]},
        {"clicks": [{"x": 0.5, "y": 0.5}] * (MAX_CLICKS + 1)},
        {"clicks": [{"x": 0.5, "y": 0.5}], "size": 1.5},
        {"clicks": [{"x": 0.5, "y": 0.5}], "size": True},
        {"clicks": [], "box": [0.5, 0.5, 0.5, 0.9]},
        {"clicks": [], "box": [0.5, 0.6, 0.9, 0.5]},
        {"clicks": [], "box": [0, 0, 1]},
        {"clicks": [], "box": [0, 0, 1, 2]},
        {"clicks": "all"},
    ],
)
def test_what_shows_no_object_is_refused_by_the_engine_and_left_out_by_the_client(said):
    assert Prompt.from_json(said) is None
    with pytest.raises((ValidationError, ErrorResponse)):
        JobSettings.model_validate({"object": said}).wanted(None)
