"""What `photochrom colorize` refuses, and its exit codes."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from .conftest import COMMAND, ENVIRONMENT, names_in


def test_an_existing_result_is_refused_unless_it_may_be_replaced(run, photograph, tmp_path):
    output = tmp_path / "color.jpg"
    output.write_text("mine")
    refused = run("colorize", photograph, "-o", output)
    assert (refused.code, refused.out) == (4, "")
    assert "--overwrite" in refused.err
    assert output.read_text() == "mine"
    assert run("colorize", photograph, "-o", output, "--overwrite").code == 0
    assert output.read_bytes().startswith(b"\xff\xd8")


def test_a_photograph_is_never_replaced_by_its_own_colors_or_another_s(run, photograph, tmp_path):
    other = tmp_path / "shelf" / photograph.name
    other.parent.mkdir()
    shutil.copy(photograph, other)
    before = photograph.read_bytes()
    for words in ((photograph, "-o", photograph), (photograph, "-o", photograph.parent), (other, photograph)):
        done = run("colorize", *words, *(() if "-o" in words else ("-o", photograph.parent)), "--overwrite")
        assert (done.code, done.out) == (2, "")
        assert "itself one of the photographs" in done.err
    assert photograph.read_bytes() == before


def test_one_damaged_file_does_not_keep_the_others_from_their_colors(run, photograph, damaged, another, tmp_path):
    folder = tmp_path / "out"
    done = run("colorize", photograph, damaged, another, "-o", folder)
    assert done.code == 1
    assert done.out.splitlines() == [str(folder / photograph.name), str(folder / another.name)]
    assert str(damaged) in done.err
    assert "Traceback" not in done.err
    assert names_in(folder) == sorted([photograph.name, another.name])


def test_one_damaged_file_alone_ends_with_3_and_leaves_nothing(run, damaged, tmp_path):
    done = run("colorize", damaged, "-o", tmp_path / "out.png")
    assert (done.code, done.out) == (3, "")
    assert names_in(tmp_path) == ["box"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--colorizer", "nobody"], 5, "Installed: auto, lite"),
        (["--chroma", "9"], 2, "must be 0 to 4"),
        (["--chroma", "much"], 2, "--chroma"),
        (["--format", "bmp"], 2, "--format"),
        (["--profile", "cinema"], 4, "display-p3"),
        (["-o", "out.bmp"], 2, "Use one of .png"),
        (["--strength", "1"], 2, "No such option"),
    ],
)
def test_impossible_options_are_reported_once_before_any_work(run, photograph, another, words, code, said):
    before = names_in(photograph.parent)
    sources = [photograph] if "-o" in words else [photograph, another]
    done = run("colorize", *sources, *words)
    assert (done.code, done.out) == (code, "")
    assert done.err.count(said) == 1
    assert names_in(photograph.parent) == before


def test_a_folder_given_as_a_photograph_is_answered_with_a_way_out(run, photograph):
    done = run("colorize", photograph.parent)
    assert done.code == 3
    assert "is a folder" in done.err
    assert "Name the pictures in it" in done.err


def test_a_folder_that_cannot_be_created_is_reported(run, photograph):
    done = run("colorize", photograph, "-o", photograph / "out")
    assert done.code == 4
    assert "cannot be created" in done.err
    assert "Traceback" not in done.err


def test_a_pipe_is_refused_and_does_not_hold_up_the_others(run, photograph, tmp_path):
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    done = run("colorize", pipe, photograph, "-o", tmp_path / "out")
    assert done.code == 1
    assert "not a regular file" in done.err
    assert names_in(tmp_path / "out") == [photograph.name]


def test_a_reader_that_has_gone_is_no_error_with_a_traceback(photograph, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "models", "list"],
        check=False,
        env=ENVIRONMENT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    os.close(writing)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_debug_prints_the_traceback(run, damaged, tmp_path):
    done = run("--debug", "colorize", damaged, "-o", tmp_path / "color.png")
    assert done.code == 3
    assert "Traceback" in done.err
    assert "Traceback" not in run("colorize", damaged, "-o", tmp_path / "color.png").err
