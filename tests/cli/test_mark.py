"""`photochrom mark` as people and scripts meet it."""

from __future__ import annotations

import json

import pytest
from photochrom.image import marking
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    for name in ("a.jpg", "b.png", "c.tif"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_many_files_and_one_that_is_none(run, folder):
    done = run("mark", folder / "a.jpg", folder / "notes.txt", folder / "c.tif")
    assert done.code == 1
    assert done.out.splitlines() == [str(folder / "a.jpg"), str(folder / "c.tif")]
    assert "notes.txt is no file whose metadata Photochrom can write" in done.err
    assert marking.read(folder / "c.tif").is_ours


def test_marking_twice_is_reported(run, folder):
    run("mark", folder / "a.jpg")
    done = run("mark", folder / "a.jpg", folder / "b.png")
    assert (done.code, done.out) == (0, f"{folder / 'b.png'}\n")
    assert "a.jpg already has the note" in done.err


def test_check_distinguishes_marked_from_unmarked(run, folder):
    run("mark", "-c", "people", folder / "a.jpg")
    both = run("mark", "--check", folder / "a.jpg", folder / "b.png")
    assert both.code == 1
    assert both.out.splitlines()[0].endswith("a.jpg: colors by Photochrom, colorizer people, version 0.1.0")
    assert both.out.splitlines()[1].endswith("b.png: no note")
    assert run("mark", "--check", folder / "a.jpg").code == 0


def test_json_has_what_is_printed(run, folder):
    lines = run("mark", "--json", "-c", "lite", folder / "a.jpg", folder / "notes.txt").out.splitlines()
    said, failed = map(json.loads, lines)
    assert (said["changed"], said["marked"], said["ai_system_used"]) == (True, True, "Photochrom, colorizer lite")
    assert said["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert failed["error"]["code"] == "bad-picture"


def test_remove(run, folder):
    run("mark", folder / "b.png")
    done = run("mark", "--remove", folder / "b.png", folder / "c.tif")
    assert (done.code, done.out) == (0, f"{folder / 'b.png'}\n")
    assert "c.tif has no such note" in done.err
    assert not marking.read(folder / "b.png").is_ours


@pytest.mark.parametrize(
    "words", [("--check", "--remove"), ("--check", "-c", "lite"), ("--remove", "-c", "lite"), ("-c", "a\nb")]
)
def test_what_makes_no_sense_is_refused(run, folder, words):
    before = (folder / "a.jpg").read_bytes()
    assert run("mark", *words, folder / "a.jpg").code == 2
    assert (folder / "a.jpg").read_bytes() == before


def test_exit_code_of_a_single_file_gives_the_reason(run, folder):
    assert run("mark", folder / "notes.txt").code == 3
    assert run("mark", folder / "missing.png").code == 3


def test_help_says_what_it_does(run):
    said = run("mark", "--help").out
    assert "DigitalSourceType" in said
    assert "--check" in said
