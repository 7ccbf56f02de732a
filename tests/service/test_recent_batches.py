"""The list of folders that had batches lately."""

from __future__ import annotations

from pathlib import Path

import pytest
from photochrom.service.recent_batches import MOST, RecentBatches


def test_the_latest_comes_first_once_and_old_ones_are_dropped(tmp_path: Path) -> None:
    recent = RecentBatches(tmp_path / "state" / "batches.json")
    assert recent.folders() == []
    for number in range(MOST + 2):
        recent.add(tmp_path / str(number))
    recent.add(tmp_path / "5")
    again = RecentBatches(tmp_path / "state" / "batches.json")
    assert [folder.name for folder in again.folders()] == ["5", "9", "8", "7", "6", "4", "3", "2"]


@pytest.mark.parametrize("stored", ["", "{", '{"a": 1}', "[1, null]", '["relative"]', "\x00"])
def test_a_damaged_list_is_none(tmp_path: Path, stored: str) -> None:
    path = tmp_path / "batches.json"
    path.write_text(stored, encoding="utf-8")
    recent = RecentBatches(path)
    assert recent.folders() == []
    recent.add(tmp_path)
    assert recent.folders() == [tmp_path]


def test_a_list_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    RecentBatches(tmp_path / "file" / "batches.json").add(tmp_path)
