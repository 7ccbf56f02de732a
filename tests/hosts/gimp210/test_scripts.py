"""Ten scripts that use gimpfu as public ones do, by what they have done to pixels and files."""

import subprocess
import sys

import pytest

from .editor import COMPAT, HERE, cases

pytestmark = pytest.mark.host

SCRIPTS = sorted((HERE / "scripts").glob("*.py"))


@pytest.mark.parametrize("name", cases("scripts.py"))
def test_the_script_does_its_work(outcome, name):
    outcome("scripts", name)


def test_there_is_a_case_for_each():
    assert sorted(cases("scripts.py")) == [script.stem for script in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_checker_has_nothing_to_say(script):
    command = [sys.executable, "-m", "gimpfu_compat.check", str(script)]
    done = subprocess.run(command, cwd=COMPAT, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if "has_key" not in line]  # the shelf has it
    assert not said
