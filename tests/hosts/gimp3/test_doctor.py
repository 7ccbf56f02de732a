"""The doctor asks the real GIMP, and the plug-in's Python is found whatever is first in the PATH."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import PYTHONPATH

pytestmark = pytest.mark.host

FIRST = f"{Path(sys.executable).parent}:/usr/bin:/bin"
"""A PATH as in an activated environment, whose python3 knows nothing of GIMP."""


@pytest.fixture
def doctor(gimp):
    """Runs the doctor where GIMP is; returns its findings about the plug-in by name."""

    def run():
        words = [sys.executable, "-m", "photochrom", "doctor", "--json"]
        command = gimp.command(*words, PYTHONPATH=PYTHONPATH, PATH=FIRST)
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.stdout, done.stderr
        every = map(json.loads, done.stdout.splitlines())
        return {each["check"].partition(" of GIMP")[2]: each for each in every if "GIMP" in each["check"]}

    return run


@pytest.fixture
def script(gimp):
    """The plug-in's script, as it was before and after."""
    path = gimp.profile / "plug-ins" / "photochrom" / "photochrom.py"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


@pytest.fixture
def answers(gimp):
    """The file in which GIMP keeps what plug-ins answered; GIMP asks anew before and after the test."""
    path = gimp.profile / "pluginrc"
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def test_gimp_takes_the_plug_in_with_another_python_first_in_the_path(answers, doctor):
    found = doctor()
    assert found and all(each["good"] for each in found.values()), found
    assert any("GIMP takes it" in each["found"] for each in found.values())
    assert not answers.exists(), "nothing in the user's profile changes"


def test_menu_stays_with_another_python_first_in_the_path(gimp, answers):
    command = gimp.command("gimp-console", "--no-interface", "--no-data", "--no-fonts", "--quit", PATH=FIRST)
    subprocess.run(command, capture_output=True, timeout=300, check=True)
    known = answers.read_text(encoding="utf-8", errors="replace")  # icons are in it too
    assert '"plug-in-photochrom-colorize"' in known
    assert '"python-fu-eval"' not in known, "GIMP's own plug-ins in Python do miss it, so the PATH is as bad as meant"


def test_doctor_says_what_gimp_met_where_the_path_decides(doctor, script):
    _, rest = script.read_bytes().split(b"\n", 1)
    script.write_bytes(b"#!/usr/bin/env python3\n" + rest)
    wrong = [each for each in doctor().values() if not each["good"]]
    assert any("No module named 'gi'" in each["found"] for each in wrong), wrong
    assert all("photochrom plugin install" in each["next_step"] for each in wrong)


def test_doctor_finds_what_only_gimp_can_tell(doctor, script):
    text = script.read_text().replace("do_query_procedures", "do_query_nothing")
    script.write_text(text)
    assert os.access(script, os.X_OK)
    assert any("did not take it" in each["found"] for each in doctor().values() if not each["good"])
