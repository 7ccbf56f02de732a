"""Help texts, the version, and wrong usage."""

from __future__ import annotations

import subprocess
import sys

import photochrom
import pytest
from photochrom import cli, editors


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


IMPORTS = """
import sys
sys.argv = ["photochrom", *sys.argv[1:]]
from photochrom.cli import main
try:
    main()
finally:
    print(*(name for name in sys.modules if name.startswith("photochrom.cli.")))
"""


@pytest.mark.parametrize("words", [["serve", "--help"], ["--debug", "models", "path"]])
def test_only_the_command_that_is_asked_for_is_imported(words):
    done = subprocess.run([sys.executable, "-c", IMPORTS, *words], capture_output=True, text=True, check=True)
    imported = {name.rsplit(".", 1)[1] for name in done.stdout.splitlines()[-1].split()}
    (asked,) = (word for word in words if not word.startswith("-") and word != "path")
    others = {*cli.GROUPS, *(name for names in cli.COMMANDS.values() for name in names)} - {asked}
    assert asked in imported and not imported & others


def test_help_before_a_command_is_that_of_all(run):
    assert run("--help", "colorize").out == run("--help").out


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
