"""The last results in the profile."""

import pytest


@pytest.fixture
def history(load, tmp_path):
    return load("history").History(tmp_path / "history.json")


@pytest.fixture(scope="module")
def settings(load):
    return load("settings").Settings


def test_newest_is_first_and_the_oldest_go(history, settings):
    for number in range(25):
        history.add("scan.tif", f"Photochrom ({number})", settings(chroma=number / 10, tint=(1.0, 2.0)))
    entries = history.entries()
    assert [entry.result for entry in entries] == [f"Photochrom ({number})" for number in range(24, 4, -1)]
    assert entries[0].settings == settings(chroma=2.4, tint=(1.0, 2.0))
    assert entries[0].picture == "scan.tif"


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"when": ""}]', "[{]", "\xff"])
def test_damaged_file_is_an_empty_history_and_is_replaced(history, settings, tmp_path, content):
    (tmp_path / "history.json").write_text(content, encoding="latin-1")
    assert history.entries() == []
    history.add("a", "b", settings())
    assert len(history.entries()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["history.json"]


def test_profile_that_is_gone_keeps_none(load, tmp_path, settings):
    history = load("history").History(tmp_path / "gone" / "history.json")
    history.add("a", "b", settings())
    assert history.entries() == []
