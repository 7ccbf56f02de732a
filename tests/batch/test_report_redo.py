"""What was marked on a report is done again: from the batch over the browser's list and back."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import pyvips
from photochrom.batch import journal, publishing
from photochrom.batch.redo import Decision, decide, read
from photochrom.batch.report import NAME
from photochrom.errors import BadRequest, ModelMissing

from .conftest import PHOTOGRAPH
from .report_data import data_of


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "photochrom", "batch", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def entries(out: Path) -> dict[str, journal.Entry]:
    with closing(journal.open_journal(publishing.journal_path(out))) as notes:
        return {entry.output.name: entry for entry in notes.entries()}


def list_of(out: Path, marks: dict[str, dict[str, str]], path: Path) -> Path:
    """As the page exports it."""
    batch = data_of(out / NAME)
    lines = [{"folder": batch["folder"]}] + [
        {"result": each["name"], "result_sha256": each["sha256"], **marks[each["name"]]}
        for each in batch["pictures"]
        if each["name"] in marks
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def chroma(path: Path) -> float:
    lab = np.asarray(pyvips.Image.new_from_file(str(path), revalidate=True).colourspace("lab").numpy())
    return float(np.hypot(lab[..., 1], lab[..., 2]).max())


@pytest.fixture(scope="module")
def finished(tmp_path_factory, small) -> Path:
    """The output folder of a batch of three."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "box").mkdir()
    for number, name in enumerate(("one.png", "two.png", "three.png")):
        gray = (small.resize(3) * (1 - 0.02 * number)).cast("uchar").copy(interpretation="b-w")
        gray.write_to_file(str(folder / "box" / name))
    done = run(folder / "box", "-o", folder / "out")
    assert done.returncode == 0, done.stderr
    assert f"Look at the results: {folder / 'out' / NAME}" in done.stderr
    return folder / "out"


def test_marks_are_done_again_once(finished, tmp_path):
    before = entries(finished)
    path = list_of(
        finished,
        {
            "one.png": {"mark": "approve"},
            "two.png": {"mark": "redo", "colorizer": "lite", "style": "calm"},
            "three.png": {"mark": "gray"},
        },
        tmp_path / "marks.jsonl",
    )
    assert chroma(finished / "three.png") > 3
    done = run("--redo", path)
    assert done.returncode == 0, done.stderr
    assert "1 to redo, 1 to leave gray, 1 approved, 0 redone since" in done.stderr
    assert sorted(map(Path, done.stdout.split("\n")[:-1])) == [finished / "three.png", finished / "two.png"]
    after = entries(finished)
    assert after["one.png"] == before["one.png"]
    assert (after["two.png"].colorizer, after["two.png"].colorizer_wanted) == ("lite", "lite:calm:print")
    assert after["two.png"].result_sha256 != before["two.png"].result_sha256
    assert (after["three.png"].colorizer, after["three.png"].uncertainty) == ("gray", None)
    gray, scan = (
        pyvips.Image.new_from_file(str(each), revalidate=True)
        for each in (finished / "three.png", after["three.png"].source)
    )
    assert chroma(finished / "three.png") < 0.5
    assert (gray.colourspace("b-w")[0] - scan[0]).abs().max() <= 1
    assert b"trainedAlgorithmicMedia" not in (finished / "three.png").read_bytes()
    assert "<strong>1</strong> left gray" in (finished / NAME).read_text("utf-8")
    again = run("--redo", path)
    assert "0 to redo, 0 to leave gray, 1 approved, 2 redone since" in again.stderr
    assert entries(finished) == after


def test_without_a_report(finished):
    done = run("--resume", finished, "--no-report")
    assert "Look at the results" not in done.stderr


@pytest.mark.parametrize(
    "mark",
    [
        {"mark": "burn"},
        {"mark": "redo", "colorizer": "lite", "style": "loud"},
        {"mark": "redo", "colorizer": "lite:calm"},
        {"mark": "redo", "colorizer": 3},
        {"mark": "redo", "original": "slide"},
        {},
    ],
)
def test_marks_that_are_none(finished, tmp_path, mark):
    with pytest.raises(BadRequest, match="line 2: this is no decision"):
        read(list_of(finished, {"one.png": mark}, tmp_path / "marks"))


def test_a_missing_colorizer_is_reported_before_anything_is_queued(finished, tmp_path):
    marks = {"two.png": {"mark": "gray"}, "one.png": {"mark": "redo", "colorizer": "nobody", "style": "calm"}}
    with closing(journal.open_journal(publishing.journal_path(finished))) as notes:
        with pytest.raises(ModelMissing, match="nobody"):
            decide(notes, read(list_of(finished, marks, tmp_path / "marks")).lines)
        assert "queued" not in notes.counts()


def test_what_was_left_gray_is_redone_as_the_batch_was_asked_to(finished, tmp_path):
    with closing(journal.open_journal(publishing.journal_path(finished))) as notes:
        (entry,) = (each for each in notes.entries() if each.output.name == "one.png")
        decide(notes, [Decision("one.png", "gray"), Decision("one.png", "redo")])
        (again,) = notes.entries("queued")
        assert (again.id, again.colorizer_wanted) == (entry.id, "auto:vivid:print")


def test_a_negative_is_marked_in_the_report_and_set_right_by_a_redo(tmp_path):
    photograph = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(0.25)
    for name, picture in (("print.png", photograph), ("negative.png", 255 - photograph)):
        (tmp_path / "box").mkdir(exist_ok=True)
        picture.cast("uchar").copy(interpretation="b-w").write_to_file(str(tmp_path / "box" / name))
    done = run(tmp_path / "box", "-o", tmp_path / "out", "--manifest")
    assert done.returncode == 0, done.stderr
    assert "Negatives, by their looks: 1. “Redo” in the report sets them right." in done.stderr
    assert {name: each.noticed for name, each in entries(tmp_path / "out").items()} == {
        "print.png": "print", "negative.png": "negative",
    }  # fmt: skip
    lines = map(json.loads, (tmp_path / "out" / "manifest.jsonl").read_text().splitlines())
    assert {Path(line["output"]).name: line["noticed"] for line in lines}["negative.png"] == "negative"
    page = data_of(tmp_path / "out" / NAME)
    assert {each["name"]: each["noticed"] for each in page["pictures"]} == {"print.png": "", "negative.png": "negative"}
    choice = next(each for each in page["choices"] if each.get("original") == "negative")
    marks = {"negative.png": {"mark": "redo"} | {key: choice[key] for key in ("colorizer", "style", "original")}}
    before = entries(tmp_path / "out")["negative.png"]
    again = run("--redo", list_of(tmp_path / "out", marks, tmp_path / "marks.jsonl"))
    assert again.returncode == 0, again.stderr
    after = entries(tmp_path / "out")["negative.png"]
    assert after.colorizer_wanted == "auto:vivid:negative"
    assert after.result_sha256 != before.result_sha256
    assert after.tones_sha256 == before.tones_sha256, "the photograph keeps its tones"
    right, positive = (
        pyvips.Image.new_from_file(str(tmp_path / "out" / name), revalidate=True).colourspace("lab")[1:].numpy()
        for name in ("negative.png", "print.png")
    )
    assert np.corrcoef(right.ravel(), positive.ravel())[0, 1] > 0.9
