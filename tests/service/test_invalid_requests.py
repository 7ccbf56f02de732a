"""Faults of a request, in words that a person can act on."""

from __future__ import annotations

from typing import Any

import pytest
from photochrom.service.invalid_requests import in_words
from photochrom.service.messages import JobSettings
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"variant": 99}, "variant must be at most 9"),
        ({"variant": 1.5}, "variant must be a whole number"),
        ({"chroma": "much"}, "chroma must be a number"),
        ({"chroma": -0.5}, "chroma must be at least 0"),
        ({"warmth": float("nan")}, "warmth must be at most 1"),
        ({"style": "loud"}, "style must be 'vivid' or 'calm'"),
        ({"tint": [1]}, "tint must have at least 2 values"),
        ({"colorizer": ""}, "colorizer has a form that is not possible"),
        ({"object": {"x": 3, "y": 0}}, "object.x must be at most 1"),
        ({"moonlight": 3}, "moonlight is unknown"),
        ({"chroma": 9, "variant": 99}, "chroma must be at most 4; variant must be at most 9"),
    ],
)
def test_a_fault_is_named_in_words(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as invalid:
        JobSettings.model_validate(settings)
    faults = [{**each, "loc": ("body", *each["loc"])} for each in invalid.value.errors()]
    assert in_words(faults) == words


def test_no_more_than_a_few_are_named() -> None:
    faults = [{"loc": ("body", f"field{number}"), "type": "missing"} for number in range(20)]
    assert in_words(faults) == "field0 is missing; field1 is missing; field2 is missing"


def test_a_kind_that_is_not_known_is_still_a_sentence() -> None:
    assert in_words([{"loc": ("query", "width"), "type": "moon_phase"}]) == "width is not possible"
    assert in_words([{"loc": ("body",), "type": "missing"}]) == "the body is missing"
