"""Help texts, the version, and wrong usage."""

from __future__ import annotations

import photochrom
import pytest
from photochrom import editors


def test_help_lists_the_exit_codes(run):
    for words in (["--help"], ["colorize", "--help"]):
        done = run(*words)
        assert done.code == 0
        assert all(f" {code} " in done.out.replace("\n", " ") for code in (0, 1, 2, 3, 4, 5, 130))


COMMANDS = [
    *("colorize", "compare", "route", "mark", "doctor", "serve", "stop", "evaluate"),
    *("reliability", "diversity"),
    *("models", "models list", "models fetch", "models import", "models verify", "models remove", "models path"),
    *("plugin", "plugin install", "plugin remove", "train", "train lite", "train calibration", "train router"),
    "train negatives",
    *("train ccc", "train deepcolor", "train iitg", "train koalarization"),
    *("train an2020", "train nazeri2018", "train richart2017"),
    *("train hensman2017", "train metalgan", "train pixcolor"),
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_shows_no_types_of_python(run, command):
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert "--help" in done.out
    assert not [word for word in ("bool", "<str>", "list[", "Path>", "None") if word in done.out]


@pytest.mark.parametrize("command", ["install", "remove"])
def test_each_editor_has_a_flag(run, command):
    shown = run("plugin", command, "--help").out
    assert editors.EDITORS
    assert all(f"--{name} " in shown for name in editors.EDITORS)


def test_version_is_the_package_s(run):
    assert run("--version").out == f"photochrom {photochrom.__version__}\n"


def test_no_command_and_unknown_ones_are_wrong_usage(run):
    for words in ([], ["bogus"], ["colorize"], ["models", "burn"]):
        assert run(*words).code == 2
