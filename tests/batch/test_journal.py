"""The journal keeps what a batch was asked for and what became of every file."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from photochrom.batch import journal
from photochrom.batch.plan import Planned
from photochrom.batch.settings import Settings
from photochrom.errors import BadRequest

MADE = datetime(2026, 11, 29, 1, 2, 3, tzinfo=UTC)


def planned(name, size=1, changed=1):
    return Planned(Path("/box") / name, Path("/box"), 0, PurePosixPath(name), size, changed)


@pytest.fixture
def notes(tmp_path):
    made = journal.create(tmp_path / "journal", Settings(chroma=1.5), MADE)
    yield made
    made.close()


def test_it_is_read_back(notes, tmp_path):
    notes.add([planned("a.jpg"), planned("b.jpg")])
    again = journal.open_journal(tmp_path / "journal")
    assert (again.settings, again.started) == (Settings(chroma=1.5), MADE)
    assert {entry.root for entry in again.entries()} == {Path("/box")}
    assert [(entry.source.name, entry.state) for entry in again.entries()] == [("a.jpg", "queued"), ("b.jpg", "queued")]
    again.close()


def test_files_are_handed_out_once(notes):
    notes.add([planned("a.jpg"), planned("b.jpg")])
    assert [notes.next().source.name, notes.next().source.name, notes.next()] == ["a.jpg", "b.jpg", None]
    assert notes.counts() == {"running": 2}


def test_a_file_that_is_planned_again_is_queued_only_if_it_changed(notes):
    notes.add([planned("a.jpg"), planned("b.jpg")])
    for _ in range(2):
        notes.done(notes.next().id)
    assert notes.add([planned("a.jpg"), planned("b.jpg", changed=2), planned("c.jpg")]) == 2
    assert {entry.source.name: entry.state for entry in notes.entries()} == {
        "a.jpg": "done", "b.jpg": "queued", "c.jpg": "queued",
    }  # fmt: skip


def test_facts_of_a_result_are_kept(notes):
    notes.add([planned("a.jpg")])
    entry = notes.next()
    notes.written(entry.id, "work/1.jpg", shares='{"lite": 0.75}', uncertainty=0.25, notes='["cut off"]', seconds=1.5)
    found = notes.done(entry.id)
    assert (found.state, found.shares, found.uncertainty, found.notes, found.seconds, found.staged) == (
        "done", {"lite": 0.75}, 0.25, ("cut off",), 1.5, None,
    )  # fmt: skip


def test_failed_ones_are_queued_again(notes):
    notes.add([planned("a.jpg")])
    notes.failed(notes.next().id, "It is damaged.", "Scan it again.")
    assert notes.requeue("failed") == 1
    (entry,) = notes.entries()
    assert (entry.state, entry.reason, entry.next_step) == ("queued", "", "")


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_not_text(notes):
    name = os.fsdecode(b"caf\xe9.jpg")
    notes.add([planned(name)])
    (entry,) = notes.entries()
    assert (entry.source, entry.output) == (Path("/box") / name, PurePosixPath(name))


def test_what_was_never_completed_is_no_journal(tmp_path):
    path = tmp_path / "journal"
    sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").connection.close()
    assert journal.open_journal(path) is None
    assert journal.open_journal(tmp_path / "nothing") is None
    journal.create(path, Settings(), MADE).close()
    again = journal.open_journal(path)
    assert again.settings == Settings()
    again.close()


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "journal"
    path.write_text("a diary" * 100)
    with pytest.raises(BadRequest, match="not the journal of a batch"):
        journal.open_journal(path)


def test_a_journal_of_the_version_before_is_gone_on_with(notes, tmp_path):
    notes.add([planned("a.jpg")])
    notes.close()
    database = sqlite3.connect(tmp_path / "journal")
    database.execute("ALTER TABLE files DROP COLUMN noticed")
    database.execute("PRAGMA user_version = 2")
    database.close()
    again = journal.open_journal(tmp_path / "journal")
    entry = again.next()
    assert entry.noticed is None
    assert again.done(entry.id, noticed="negative").noticed == "negative"
    again.close()
