"""`photochrom batch` as people and scripts meet it: results, summary, skipping, failing, stopping, resuming."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom.batch import publishing
from photochrom.batch.report import NAME
from photochrom.batch.report_thumbnails import FOLDER
from photochrom.image.mark import Mark
from photochrom.image.picture import open_picture
from photochrom.image.tone_seal import seal

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH, "SOURCE_DATE_EPOCH": "1000000000"}
COMMAND = [sys.executable, "-m", "photochrom", "batch"]


@pytest.fixture
def write():
    """Writes a gray photograph, 128 × 98, a little different for each number."""
    small = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(1 / 8).copy_memory()

    def write_photograph(path: Path, number: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        image = (small * (1 - 0.01 * number)).cast("uchar")
        image.copy(interpretation="b-w").write_to_file(str(path))
        return path

    return write_photograph


@pytest.fixture
def box(tmp_path, write):
    """Two photographs in gray, one in color, one damaged, and a text."""
    box = tmp_path / "box"
    whole = write(box / "one.jpg").read_bytes()
    write(box / "roll" / "two.png", 1)
    (box / "damaged.jpg").write_bytes(whole[:900])
    (box / "notes.txt").write_text("written on the back")
    y, x = np.mgrid[:64, :96] / 96
    rgb = (255 * np.stack([x, y, 1 - x], -1)).astype(np.uint8)
    pyvips.Image.new_from_array(rgb).copy(interpretation="srgb").write_to_file(str(box / "color.png"))
    return box


def state_of(folder):
    """All files of a folder: content and time of change."""
    return {
        path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def results(out):
    return sorted(
        str(path.relative_to(out))
        for path in out.rglob("*")
        if path.is_file() and not {publishing.HIDDEN, FOLDER, NAME} & set(path.parts)
    )


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


def test_results_are_done_again_as_a_list_says(run, box, tmp_path, write):
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


# --- stopping and resuming, in a process of its own ---------------------------------------------------------


def start(*words, **options):
    heed = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*COMMAND, *map(str, words)], env=ENVIRONMENT, **pipes, **heed, **options)


@pytest.fixture
def many(tmp_path, write):
    for number in range(40):
        write(tmp_path / "many" / f"{number:02}.jpg", number)
    return tmp_path / "many"


def test_ctrl_c_finishes_what_is_in_hand(run, many, tmp_path):
    out = tmp_path / "out"
    process = start(many, "-o", out, "--jobs", 2)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Ctrl-C again stops at once" in errors
    assert f"photochrom batch --resume {out}" in errors
    done = results(out)
    assert len(done) == len(said.splitlines()) + 1 < 40
    assert not list((out / publishing.HIDDEN).glob("work-*"))
    rest = run("batch", "--resume", out)
    assert rest.code == 0
    assert len(rest.out.splitlines()) + len(done) == 40
    assert len(results(out)) == 40


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_ctrl_c_in_a_terminal_does_not_reach_workers(run, many, tmp_path):
    out = tmp_path / "out"
    process = start(many, "-o", out, "--jobs", 2, start_new_session=True)
    while not list((out / publishing.HIDDEN).glob("work-*")):
        time.sleep(0.01)
    for _ in range(5):  # while they start
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGINT)
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert " 0 failed." in errors
    assert run("batch", "--resume", out).code == 0


def test_a_second_ctrl_c_stops_at_once(many, tmp_path):
    process = start(many, "-o", tmp_path / "out", "--jobs", 2)
    process.stdout.readline()
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in errors


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_a_worker_that_dies_fails_one_file(many, tmp_path):
    out = tmp_path / "out"
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).resize(6).write_to_file(str(many / "01.jpg"))  # takes a while
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for child in children.read_text().split():
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text():
            os.kill(int(child), signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "39 done, 1 failed" in errors
    assert f"{many / '01.jpg'}: the process that worked on it ended unexpectedly" in errors


def test_one_run_at_a_time(run, many, tmp_path):
    process = start(many, "-o", tmp_path / "out", "--jobs", 2)
    process.stdout.readline()
    done = run("batch", "--resume", tmp_path / "out")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert (done.code, "Another batch is running" in done.err) == (2, True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small file system")
def test_a_full_disk_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", out], check=False).returncode:
        pytest.skip("may not mount")
    try:
        full = run("batch", many, "-o", out)
        assert full.code == 4
        assert "resume" in full.err
        subprocess.run(["mount", "-o", "remount,size=30m", out], check=True)
        done = run("batch", "--resume", out)
        assert (done.code, len(results(out))) == (0, 40)
    finally:
        subprocess.run(["umount", "--lazy", out], check=True)


def test_an_input_that_is_gone_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out, away = tmp_path / "out", tmp_path / "away"
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    many.rename(away)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert f"{many} is gone" in errors
    away.rename(many)
    done = run("batch", "--resume", out)
    assert (done.code, len(results(out))) == (0, 40)


def test_an_output_folder_that_is_gone_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out, away = tmp_path / "out", tmp_path / "away"
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    out.rename(away)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "then resume" in errors
    shutil.rmtree(out, ignore_errors=True)
    away.rename(out)
    done = run("batch", "--resume", out)
    assert (done.code, len(results(out))) == (0, 40)
