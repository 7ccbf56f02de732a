"""Colors that a person gave, as text and back."""

import json

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from photochrom_client import given
from photochrom_client.given import Given
from photochrom_client.prompt import Prompt
from photochrom_client.protocol import MAX_GIVEN
from photochrom_client.settings import SELECTED, Settings

CLICKED = Prompt().clicked(0.423, 0.601)

GIVEN = st.builds(
    Given,
    st.sampled_from(["object", "paint"]),
    st.none() | st.tuples(st.integers(0, 100), st.integers(0, 100)),
    st.none() | st.tuples(*[st.integers(-1280, 1270).map(lambda tenths: tenths / 10)] * 2),
    st.text().map(given.tidy),
)


@for_all(st.lists(GIVEN, min_size=1, max_size=4, unique_by=str))
def test_what_is_written_is_read_back(colors):
    assert given.read(given.written(colors)) == colors


@pytest.mark.parametrize("letter", ["g", "緑"])
def test_of_many_colors_as_many_are_written_as_the_engine_takes(letter):
    colors = [Given("object", (number % 100, number // 100), note=letter * 300) for number in range(400)]
    text = given.written(colors)
    kept = given.read(text)
    assert kept == colors[: len(kept)] and len(kept) > 5
    assert len(json.dumps(text)) <= MAX_GIVEN


def test_the_text_is_for_people_too():
    colors = [Given("object", (42, 60), (-20.14, 35.2), "green: letter of 1943"), Given("paint")]
    assert given.written(colors) == (
        "Colors given by a person: object at 42 % across, 60 % down, a* -20.1, b* 35.2: green: letter of 1943; paint"
    )


@pytest.mark.parametrize("text", [None, "", "A man in the rain", given.PREFIX, given.PREFIX + "object at noon"])
def test_other_texts_are_not_ours(text):
    assert given.read(text) is None


@for_all(st.text())
def test_a_note_is_one_line(note):
    tidied = given.tidy(note)
    assert tidied.isprintable()
    assert ";" not in tidied
    assert len(tidied) <= 300
    assert given.tidy(tidied) == tidied


def test_what_a_person_gave_an_object():
    assert given.object_of(Settings()) is None
    assert given.object_of(Settings(object=CLICKED)) is None  # the most probable color: a guess of the colorizer
    assert given.object_of(Settings(object=CLICKED, color=(1.0, 2.0))) == Given("object", (42, 60), (1.0, 2.0))
    assert given.object_of(Settings(object=SELECTED, note=" a\nletter ")) == Given("object", note="a letter")
    boxed = Prompt().boxed(0.2, 0.2, 0.4, 0.6)
    assert given.object_of(Settings(object=boxed, color=(1.0, 2.0))) == Given("object", (30, 40), (1.0, 2.0))


def test_notes_are_of_one_photograph():
    noted = Settings(object=CLICKED, note="letter")
    assert Settings.from_json(noted.to_json()) == noted
    assert noted.plain().note == ""
    assert "note" not in noted.options()
