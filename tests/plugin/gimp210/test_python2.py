"""A GIMP 2.10 with Python-Fu may start the plug-in's file with Python 2."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "plugin" / "gimp210" / "photochrom" / "photochrom.py"


@pytest.fixture
def python2():
    """The command of a Python 2.7; not what a version manager puts in its place."""
    found = shutil.which("python2.7")
    say = "import sys; sys.stdout.write(sys.executable)"
    done = found and subprocess.run([found, "-c", say], capture_output=True, text=True, check=False)
    if not done or done.returncode:
        pytest.xfail("no Python 2.7 on this machine")  # no failure in CI either
    return done.stdout


def test_python_2_hands_over_to_python_3_with_gimp_s_arguments(python2, tmp_path):
    python3 = tmp_path / "python3"
    python3.write_text('#!/bin/sh\necho "$@"\n')
    python3.chmod(0o755)
    done = subprocess.run(
        [python2, SCRIPT, "-gimp", "16"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == f"{SCRIPT} -gimp 16"


def test_without_python_3_it_says_what_is_missing(python2, tmp_path):
    done = subprocess.run([python2, SCRIPT], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode and "Python 3.10 or later" in done.stderr
