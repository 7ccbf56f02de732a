"""Results come to their places whole, wherever a run ended before."""

import hashlib
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from photochrom.batch import journal, publishing
from photochrom.batch.plan import Planned
from photochrom.batch.settings import Settings
from photochrom.errors import BadRequest, OutputFailed

RESULT = b"all of a result"
HASH = hashlib.sha256(RESULT).hexdigest()


@pytest.fixture
def batch(tmp_path):
    """The output folder, and its journal with one file that is running."""
    out = tmp_path / "out"
    with publishing.claim(out):
        notes = journal.create(publishing.journal_path(out), Settings(), datetime.now(UTC))
        notes.add([Planned(tmp_path / "a.jpg", tmp_path, 0, PurePosixPath("roll/a.jpg"), 1, 1)])
        yield out, notes
        notes.close()


def interrupted(out, notes):
    """A run that stopped after writing its result: the journal's entry, and the result's path."""
    earlier = publishing.Publisher(out, notes)
    earlier.recover()
    entry = notes.next()
    earlier.staged(entry).write_bytes(RESULT)
    return entry, earlier.staged(entry)


def only(notes):
    (entry,) = notes.entries()
    return entry


def test_a_result_is_published(batch):
    out, notes = batch
    entry, _ = interrupted(out, notes)
    publisher = publishing.Publisher(out, notes)
    publisher.recover()
    publisher.staged(entry).write_bytes(RESULT)
    assert publisher.publish(entry, publisher.staged(entry).name, result_sha256=HASH).state == "done"
    assert (out / "roll" / "a.jpg").read_bytes() == RESULT


def test_a_file_that_was_running_is_begun_again(batch):
    out, notes = batch
    _, staged = interrupted(out, notes)
    publishing.Publisher(out, notes).recover()
    assert only(notes).state == "queued"
    assert not staged.exists()


def test_a_result_that_was_whole_is_published_later(batch):
    out, notes = batch
    entry, staged = interrupted(out, notes)
    notes.written(entry.id, str(staged.relative_to(out)), result_sha256=HASH)
    publishing.Publisher(out, notes).recover()
    assert only(notes).state == "done"
    assert (out / "roll" / "a.jpg").read_bytes() == RESULT


def test_a_published_result_is_not_colorized_again(batch):
    out, notes = batch
    entry, staged = interrupted(out, notes)
    notes.written(entry.id, str(staged.relative_to(out)), result_sha256=HASH)
    (out / "roll").mkdir()
    staged.rename(out / "roll" / "a.jpg")
    publishing.Publisher(out, notes).recover()
    assert only(notes).state == "done"


def test_half_a_result_is_never_taken_for_one(batch):
    out, notes = batch
    entry, staged = interrupted(out, notes)
    notes.written(entry.id, str(staged.relative_to(out)), result_sha256=HASH)
    staged.write_bytes(RESULT[:5])
    publishing.Publisher(out, notes).recover()
    assert only(notes).state == "queued"
    assert not (out / "roll" / "a.jpg").exists()


def test_a_file_of_somebody_else_is_not_replaced(batch):
    out, notes = batch
    (out / "roll").mkdir()
    (out / "roll" / "a.jpg").write_bytes(b"theirs")
    publisher = publishing.Publisher(out, notes)
    publisher.recover()
    entry = notes.next()
    publisher.staged(entry).write_bytes(RESULT)
    failed = publisher.publish(entry, publisher.staged(entry).name, result_sha256=HASH)
    assert (failed.state, failed.reason) == (
        "failed",
        f"{out / 'roll' / 'a.jpg'} already exists, and is not a result of this batch.",
    )
    assert (out / "roll" / "a.jpg").read_bytes() == b"theirs"


def test_a_redone_result_replaces_the_earlier_one(batch):
    out, notes = batch
    for result in (RESULT, b"another"):
        publisher = publishing.Publisher(out, notes)
        publisher.recover()
        entry = notes.next()
        publisher.staged(entry).write_bytes(result)
        publisher.publish(entry, publisher.staged(entry).name, result_sha256=hashlib.sha256(result).hexdigest())
        notes.requeue_one(entry.id)
    assert (out / "roll" / "a.jpg").read_bytes() == b"another"


def test_a_file_in_the_way_of_a_folder_fails_one_file_alone(batch):
    out, notes = batch
    (out / "roll").write_bytes(b"no folder")
    publisher = publishing.Publisher(out, notes)
    publisher.recover()
    entry = notes.next()
    publisher.staged(entry).write_bytes(RESULT)
    assert publisher.publish(entry, publisher.staged(entry).name, result_sha256=HASH).state == "failed"


def test_one_run_at_a_time(batch):
    out, _ = batch
    with pytest.raises(BadRequest, match="Another batch is running"), publishing.claim(out):
        pass


def test_a_run_that_ended_leaves_the_batch_free(tmp_path):
    for _ in range(2):
        with publishing.claim(tmp_path / "out"):
            pass


@pytest.mark.parametrize("below", ["", "color"])
def test_a_file_in_place_of_the_folder_is_said_in_words(tmp_path, below):
    (tmp_path / "scan.tif").touch()
    with (
        pytest.raises(OutputFailed, match="Not a directory") as failed,
        publishing.claim(tmp_path / "scan.tif" / below),
    ):
        pass
    assert "Errno" not in failed.value.cause and "there is a file in its place" in failed.value.next_step
