"""`photochrom batch` as people and scripts meet it: results, summary, skipping, failing."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pyvips
from photochrom.image.mark import Mark
from photochrom.image.picture import open_picture
from photochrom.image.tone_seal import seal

from .conftest import results


def state_of(folder):
    """All files of a folder: content and time of change."""
    return {
        path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder(run, box, tmp_path):
    out, before = tmp_path / "out", state_of(box)
    done = run("batch", box, "-o", out)
    assert done.code == 1
    assert sorted(done.out.split("\n")) == ["", str(out / "one.jpg"), str(out / "roll" / "two.png")]
    assert results(out) == ["one.jpg", "roll/two.png"]
    assert "4 photographs: 2 done, 1 failed, 1 skipped (in color already)." in done.err
    assert f"{box / 'damaged.jpg'} is " in done.err
    assert "No pictures: notes.txt." in done.err
    assert f"photochrom batch --retry {out}" in done.err
    assert state_of(box) == before


def test_the_same_bytes_as_colorize_writes(run, box, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    run("batch", box, "-o", tmp_path / "out")
    whole = Mark._write
    monkeypatch.setattr(Mark, "_write", lambda self, rdf: whole(at(self), rdf))
    for name, same in {"one.jpg": "one.jpg", "roll/two.png": "two.png"}.items():
        run("colorize", box / name, "-o", tmp_path / same)
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / same).read_bytes()


def at(mark):
    return replace(mark, when=datetime.fromtimestamp(1000000000, UTC))


def test_color_is_taken_if_asked_for(run, box, tmp_path):
    done = run("batch", box, "-o", tmp_path / "out", "--include-color")
    assert "color.png" in results(tmp_path / "out")
    assert "3 done, 1 failed." in done.err


def test_json(run, box, tmp_path):
    done = run("batch", box, "-o", tmp_path / "out", "--json")
    *files, last = map(json.loads, done.out.splitlines())
    said = {Path(each["source"]).name: each for each in files}
    assert {name: each["state"] for name, each in said.items()} == {
        "one.jpg": "done", "two.png": "done", "color.png": "skipped", "damaged.jpg": "failed",
    }  # fmt: skip
    one = said["one.jpg"]
    assert one["output"] == str(tmp_path / "out" / "one.jpg")
    assert one["source_sha256"] == hashlib.sha256((box / "one.jpg").read_bytes()).hexdigest()
    assert one["result_sha256"] == hashlib.sha256(Path(one["output"]).read_bytes()).hexdigest()
    assert 0 < one["uncertainty"] < 1
    assert sum(one["shares"].values()) == pytest.approx(1, abs=1e-3)
    assert one["tones_sha256"] == seal(open_picture(box / "one.jpg"))
    assert said["damaged.jpg"]["reason"]
    summary = last["summary"]
    assert (summary["done"], summary["failed"], summary["skipped"]) == (2, 1, 1)
    assert summary["no_pictures"] == ["notes.txt"]


def test_again_does_what_is_new_alone(run, box, tmp_path, write):
    out = tmp_path / "out"
    run("batch", box, "-o", out)
    before = state_of(out)
    write(box / "three.jpg", 2)
    done = run("batch", box, "-o", out)
    assert done.out == f"{out / 'three.jpg'}\n"
    assert before[out / "one.jpg"] == state_of(out)[out / "one.jpg"]


def test_other_settings_need_another_folder(run, box, tmp_path):
    run("batch", box, "-o", tmp_path / "out")
    done = run("batch", box, "-o", tmp_path / "out", "--chroma", 2)
    assert done.code == 2
    assert "other settings" in done.err


def test_failed_ones_are_tried_again(run, box, tmp_path, write):
    out = tmp_path / "out"
    run("batch", box, "-o", out)
    write(box / "damaged.jpg", 3)
    done = run("batch", "--retry", out)
    assert (done.code, done.out) == (0, f"{out / 'damaged.jpg'}\n")


def test_format_depth_and_quality(run, write, tmp_path):
    source = write(tmp_path / "box" / "one.jpg")
    deep = run("batch", source, "-o", tmp_path / "deep", "--format", "tiff", "--depth", 16, "--json")
    assert json.loads(deep.out.splitlines()[0])["tones_sha256"] == seal(open_picture(source))
    assert pyvips.Image.new_from_file(str(tmp_path / "deep" / "one.tiff")).format == "ushort"
    for quality in (40, 95):
        run("batch", source, "-o", tmp_path / str(quality), "--quality", quality)
    small, large = ((tmp_path / each / "one.jpg").stat().st_size for each in ("40", "95"))
    assert small < 0.7 * large
    run("batch", source, "-o", tmp_path / "layered", "--layered")
    assert results(tmp_path / "layered") == ["one.ora"]


def test_a_manifest_has_a_line_for_each_file(run, box, tmp_path):
    out = tmp_path / "out"
    run("batch", box, "-o", out, "--manifest")
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    with (out / "manifest.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    for rows in (lines, table):
        assert {row["output"]: row["state"] for row in rows} == {
            "one.jpg": "done", "roll/two.png": "done", "color.png": "skipped", "damaged.jpg": "failed",
        }  # fmt: skip
    one = next(row for row in table if row["output"] == "one.jpg")
    assert one["result_sha256"] == hashlib.sha256((out / "one.jpg").read_bytes()).hexdigest()
    assert json.loads(one["shares"]) == next(row for row in lines if row["output"] == "one.jpg")["shares"]


def test_results_are_redone_by_a_list(run, box, tmp_path, write):
    out = tmp_path / "out"
    write(box / "three.jpg", 2)
    run("batch", box, "-o", out)
    before = state_of(out)
    decisions = [
        {"result": "one.jpg", "mark": "redo", "colorizer": "people"},
        {"result": "roll/two.png", "mark": "approve"},
        {"result": "three.jpg", "mark": "gray"},
    ]
    (tmp_path / "list").write_text("\n".join(map(json.dumps, decisions)))
    done = run("batch", "--resume", out, "--redo", tmp_path / "list", "--json")
    again = {each["output"]: each["colorizer"] for each in map(json.loads, done.out.splitlines()[:-1])}
    assert again == {str(out / "one.jpg"): "people", str(out / "three.jpg"): "gray"}
    assert results(out) == ["one.jpg", "roll/two.png", "three.jpg"]
    now = state_of(out)
    assert now[out / "one.jpg"] != before[out / "one.jpg"]
    assert now[out / "roll" / "two.png"] == before[out / "roll" / "two.png"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"result": "nothing.jpg", "mark": "redo"}', 2),
        ('{"result": "one.jpg", "mark": "redo", "colorizer": "nobody"}', 5),
        ('{"result": "one.jpg"}', 2),
        ("redo all", 2),
    ],
)
def test_a_wrong_list_changes_nothing(run, box, tmp_path, line, code):
    out = tmp_path / "out"
    run("batch", box / "one.jpg", "-o", out)
    (tmp_path / "list").write_text('{"result": "one.jpg", "mark": "gray"}\n' + line)
    assert run("batch", "--resume", out, "--redo", tmp_path / "list").code == code
    assert results(out) == ["one.jpg"]


def test_a_dry_run_writes_nothing(run, box, tmp_path):
    done = run("batch", box, "-o", tmp_path / "out", "--dry-run")
    assert done.code == 0
    assert not (tmp_path / "out").exists()
    assert "4 photographs" in done.out
    assert "1 failed, 1 skipped" in done.out
    said = json.loads(run("batch", box, "-o", tmp_path / "out", "--dry-run", "--json").out)
    assert said["seconds"] > 0
    assert said["bytes"] > 0


@pytest.mark.parametrize(
    "words",
    [("box",), ("-o", "out"), ("box", "--resume", "out"), ("--resume", "a", "--retry", "b"), ("box", "-o", "box")],
)
def test_wrong_usage(run, box, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert run("batch", *words).code == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [(("-c", "nobody"), 5), (("--chroma", 9), 2), (("--depth", 12), 2), (("--profile", "nothing.icc"), 4)],
)
def test_what_cannot_be_asked_for_begins_no_batch(run, box, tmp_path, words, code):
    assert run("batch", box, "-o", tmp_path / "out", *words).code == code
    assert not (tmp_path / "out").exists()


def test_nothing_to_resume(run, tmp_path):
    done = run("batch", "--resume", tmp_path)
    assert (done.code, "has no batch" in done.err) == (2, True)
