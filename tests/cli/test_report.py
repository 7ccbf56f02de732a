"""`photochrom report` as people and scripts meet it."""

from __future__ import annotations

import json

import pytest
from photochrom.image import marking
from PIL import Image

from photochrom_client.given import Given

DRESS = Given("object", (42, 60), (-30.0, 20.0), "green: letter of 1943")
WALL = Given("object", (10, 20), (0.0, -40.0))


@pytest.fixture
def colored(tmp_path):
    path = tmp_path / "colored.png"
    Image.new("RGB", (8, 8)).save(path)
    marking.mark(path, "people", [DRESS, WALL, Given("paint", note="sky: a postcard")])
    return path


def test_known_chosen_and_guessed_colors_are_told_apart(run, colored):
    assert run("report", colored).out.splitlines() == [
        f"{colored}:",
        "  known    object at 42 % across, 60 % down, green: green: letter of 1943",
        "  known    what is painted: sky: a postcard",
        "  chosen   object at 10 % across, 20 % down, blue, by a person who gave no reason",
        "  guessed  all other colors, by people",
    ]


def test_json_has_what_is_printed(run, colored):
    said = json.loads(run("report", "--json", colored).out)
    assert (said["colorized"], said["colorizer"]) == (True, "people")
    assert said["given"][0] == {
        "what": "object",
        "at": [0.42, 0.6],
        "color": [-30.0, 20.0],
        "name": "green",
        "known": True,
        "note": "green: letter of 1943",
    }
    assert [each["known"] for each in said["given"]] == [True, False, True]


def test_a_file_without_a_note_and_one_that_is_none(run, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    (tmp_path / "notes.txt").write_text("no picture")
    done = run("report", tmp_path / "plain.png", tmp_path / "notes.txt")
    assert done.code == 1
    assert "nothing is noted about its colors" in done.out
    assert "notes.txt" in done.err


def test_without_given_colors_all_are_guessed(run, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    run("mark", "-c", "lite", tmp_path / "plain.png")
    assert "guessed  all colors, by lite" in run("report", tmp_path / "plain.png").out
