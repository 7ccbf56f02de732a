"""The commands `photochrom train …`."""

import pytest
from photochrom.cli import train


def test_only_embedded_colorizers_are_calibrated(run, tmp_path):
    done = run("train", "calibration", tmp_path, "-c", "nobody")
    assert done.code == 5
    assert "nobody is not an embedded colorizer" in done.err


@pytest.mark.parametrize("command", ["lite", "calibration", "router", "ccc", "deepcolor"])
def test_help_names_the_extra_that_training_needs(run, command):
    said = run("train", command, "--help")
    assert said.code == 0
    assert "needs the extra “train”" in " ".join(said.out.split())


def test_guesses_of_the_best_colorizer_are_told_with_what_was_guessed_instead(capsys):
    report = {
        "auc": 0.83,
        "recall": {"one": 0.5, "two": 1.0},
        "labeled": {"one": 4, "two": 1},
        "confusion": {"one": {"one": 2, "two": 2}, "two": {"two": 1}},
    }
    train._print_guesses(report)
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert said[0] == ["AUC", "0.83"]
    assert said[2:] == [["one", "4", "0.50", "two", "2"], ["two", "1", "1.00"]]
