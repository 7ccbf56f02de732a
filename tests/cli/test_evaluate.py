"""`photochrom evaluate`, `reliability` and `diversity`."""

from __future__ import annotations

import json
import shutil

import pyvips
from PIL import Image

from .conftest import PHOTOGRAPH, color_pictures


def test_evaluate_takes_calm_colors_as_a_candidate(run, tmp_path):
    album = tmp_path / "pictures"
    album.mkdir()
    assert run("colorize", PHOTOGRAPH, "-o", album / "photograph.jpg").code == 0
    done = run("evaluate", album, "-c", "auto", "-c", "auto:calm", "--json")
    assert json.loads(done.out)["colorizers"] == ["auto", "auto:calm"]
    for picture in json.loads(done.out)["pictures"]:
        assert picture["scores"]["auto:calm"]["spread"] < picture["scores"]["auto"]["spread"]


def test_evaluation_prints_scores_and_writes_sheet_and_report(run, tmp_path):
    album = color_pictures(tmp_path / "album", 2)
    sheet, report = tmp_path / "sheet.png", tmp_path / "report.html"
    done = run("evaluate", album, "--json", "--sheet", sheet, "--report", report)
    assert done.code == 0
    assert [picture["name"] for picture in json.loads(done.out)["pictures"]] == ["00.png", "01.png"]
    assert pyvips.Image.new_from_file(str(sheet)).width > 3 * 96
    assert report.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")

    earlier = tmp_path / "earlier.json"
    earlier.write_text(done.out, encoding="utf-8")
    table = run("evaluate", album, "--colorizer", "lite", "--against", earlier)
    assert table.code == 0
    rows = [line.split()[0] for line in table.out.splitlines() if line.strip()]
    assert rows[:7] == ["mean", "lite", "gray", "mean", "lite", "gray", "original"]


def test_evaluation_puts_ours_beside_others_and_measures_what_it_is_asked_to(run, tmp_path):
    album = color_pictures(tmp_path / "album", 1)
    beside, segments = tmp_path / "anchors", tmp_path / "segments"
    beside.mkdir()
    segments.mkdir()
    shutil.copy(album / "00.png", beside / "old.scan.png")
    shutil.copy(album / "00.png", beside / "old.rival.png")
    size = Image.open(album / "00.png").size
    labels = Image.new("I;16", size)
    labels.paste(1, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    labels.save(segments / "00.png")
    report = tmp_path / "report.html"
    wanted = ("--beside", beside, "--stability", "--segments", segments, "--report", report)
    done = run("evaluate", album, "-c", "lite", *wanted)
    assert done.code == 0
    heads = [line.split("  ")[0] for line in done.out.splitlines()]
    assert {"hue recall ↑", "correlation ↑", "ΔE00 after ↓", "median ± 95 %", "beside, n=1"} <= set(heads)
    assert max(map(len, done.out.splitlines())) <= 120
    assert "Beside others" in report.read_text(encoding="utf-8")
    refused = run("evaluate", album, "--segments", tmp_path / "nowhere")
    assert (refused.code, refused.out) == (2, "")
    assert run("evaluate", album, "--hints", "1", "--stability").code == 2
    assert run("evaluate", album, "--reach", "1").code == 2


def test_evaluation_reports_unwritable_outputs_before_its_work(run, tmp_path):
    album = color_pictures(tmp_path / "album", 1)
    done = run("evaluate", album, "--sheet", tmp_path / "nowhere" / "sheet.png")
    assert (done.code, done.out) == (4, "")
    assert "Create it first" in done.err
    assert run("evaluate", album, "--against", tmp_path / "nothing.json").out == ""


def test_evaluation_of_no_folder_is_wrong_usage(run, tmp_path):
    done = run("evaluate", tmp_path / "nowhere")
    assert done.code == 2
    assert "is not a folder" in done.err


def test_reliability_prints_its_table_and_draws_it(run, photograph, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    shutil.copy(photograph, folder)
    done = run("reliability", folder, "-c", "lite", "--diagram", tmp_path / "lite.svg")
    assert done.code == 0
    assert done.out.splitlines()[0].split() == ["confidence", "of", "the", "cells", "mean", "confidence", "right"]
    assert "lite on photographs" in (tmp_path / "lite.svg").read_text()
    found = json.loads(run("reliability", folder, "-c", "lite", "--json").out)
    assert found["colorizer"] == "lite"
    assert f"error {found['expected_calibration_error']:.1%}" in done.out
    missing = run("reliability", folder, "--diagram", tmp_path / "nowhere" / "lite.svg")
    assert (missing.code, missing.out) == (4, "")


def test_diversity_prints_how_different_and_how_plausible_variants_are(run, photograph, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    shutil.copy(photograph, folder)
    done = run("diversity", folder, "--count", "2")
    assert done.code == 0
    values = dict(line.rsplit(None, 1) for line in done.out.splitlines()[1:])
    assert {"apart", "noise", "psnr best", "psnr best random"} <= {name.strip() for name in values}
    assert run("diversity", folder, "--count", "10").code == 2
