"""The commands `photochrom train …`."""

import pytest


def test_only_embedded_colorizers_are_calibrated(run, tmp_path):
    done = run("train", "calibration", tmp_path, "-c", "nobody")
    assert done.code == 5
    assert "nobody is not an embedded colorizer" in done.err


@pytest.mark.parametrize("command", ["lite", "calibration", "router"])
def test_help_names_the_extra_that_training_needs(run, command):
    said = run("train", command, "--help")
    assert said.code == 0
    assert "needs the extra “train”" in " ".join(said.out.split())
