"""The last results in the profile."""

import json
import threading

import pytest

from photochrom_client.kit.history import History
from photochrom_client.settings import SELECTED, Settings


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "history.json")


def test_newest_is_first_and_the_oldest_go(history):
    for number in range(25):
        history.add("scan.tif", f"Photochrom ({number})", Settings(chroma=number / 20, tint=(1.0, 2.0)))
    entries = history.entries()
    assert [entry.result for entry in entries] == [f"Photochrom ({number})" for number in range(24, 4, -1)]
    assert entries[0].settings == Settings(chroma=1.2, tint=(1.0, 2.0))
    assert entries[0].picture == "scan.tif"


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"when": ""}]', "[{]", "\xff"])
def test_damaged_file_is_an_empty_history_and_is_replaced(history, tmp_path, content):
    (tmp_path / "history.json").write_text(content, encoding="latin-1")
    assert history.entries() == []
    history.add("a", "b", Settings())
    assert len(history.entries()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["history.json"]


def test_deleted_profile_keeps_none(tmp_path):
    history = History(tmp_path / "gone" / "history.json")
    history.add("a", "b", Settings())
    assert history.entries() == []


def test_results_of_several_windows_are_all_kept(history):
    adding = [threading.Thread(target=history.add, args=("a", str(number), Settings())) for number in range(12)]
    for each in adding:
        each.start()
    for each in adding:
        each.join()
    assert {entry.result for entry in history.entries()} == {str(number) for number in range(12)}


def test_objects_are_none_of_those_that_can_be_had_for_any_photograph(history):
    history.add("a", "whole", Settings())
    history.add("a", "object", Settings(object=SELECTED))
    assert [entry.result for entry in history.entries()] == ["object", "whole"]
    assert [entry.result for entry in history.entries_of_wholes()] == ["whole"]


def test_history_of_the_previous_version_is_read(history, tmp_path):
    settings = {"colorizer": "lite", "chroma": 0.5, "tint": [1, 2], "source": 4}
    entry = {"when": "2025-03-01 14:05", "picture": "scan.tif", "result": "Photochrom (lite)", "settings": settings}
    (tmp_path / "history.json").write_text(json.dumps([entry]), encoding="utf-8")
    (found,) = history.entries()
    assert found.title == "2025-03-01 14:05   scan.tif   Photochrom (lite): Vivid, strength 50 %, paper's tint kept"
    assert found.settings == Settings("lite", 0.5, tint=(1.0, 2.0))


def test_last_settings_apply_to_any_photograph_with_the_tint_of_its_own_paper(history):
    assert history.last(lambda: (1.0, 2.0)) == Settings()
    history.add("a.jpg", "colors", Settings(chroma=0.5, variant=3, tint=(4.0, 9.0)))
    history.add("a.jpg", "an object", Settings(object=SELECTED))
    assert history.last(lambda: (1.0, 2.0)) == Settings(chroma=0.5, tint=(1.0, 2.0))
