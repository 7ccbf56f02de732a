"""Guidance inputs, as the plug-ins hand them over."""

import json

import pytest

from photochrom_client.kit.guidance import shown_by
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.prompt import Prompt


def test_clicks_in_a_text_show_an_object():
    prompt = Prompt().clicked(0.5, 0.25).clicked(0.75, 0.5, away=True).resized(1)
    assert shown_by(json.dumps(prompt.to_json())) == prompt


@pytest.mark.parametrize("said", ["no JSON", "[]", "{}", '{"clicks": []}', '{"x": 2, "y": 0}'])
def test_text_that_shows_no_object_is_refused(said):
    with pytest.raises(Unsuitable, match="clicks"):
        shown_by(said)
