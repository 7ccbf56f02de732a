"""OpenVINO, imported so that it tells nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PHOTOGRAPH = Path(__file__).resolve().parents[1] / "examples" / "dust-bowl-home.jpg"

OVERHEARD = """
import sys, threading
sys.addaudithook(lambda event, given: event.startswith(("socket.", "subprocess.")) and print(event, given))
{work}
for thread in threading.enumerate():
    thread is threading.current_thread() or thread.join(5)
"""
"""What a process asks of the network is printed, also by threads that outlive the work."""


def overheard(work: str, home: Path) -> str:
    """What this code says to the network and to other programs, of a user who has not opted out of anything."""
    outside = {name: value for name, value in os.environ.items() if name not in {"CI", "TF_BUILD", "JENKINS_URL"}}
    ran = subprocess.run(
        [sys.executable, "-c", OVERHEARD.format(work=work)],
        env={**outside, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


@pytest.mark.parametrize(
    "work",
    [
        "from photochrom.inference import openvino; import openvino.tools.ovc",
        "from pathlib import Path; from photochrom.pipeline import Options, colorize_file; "
        f"colorize_file(Path({str(PHOTOGRAPH)!r}), Path.home() / 'colour.png', Options())",
    ],
    ids=["imported", "at work"],
)
def test_nothing_is_told_and_nothing_left_behind(tmp_path: Path, work: str) -> None:
    assert overheard(work, tmp_path) == ""
    assert [path.name for path in tmp_path.iterdir() if path.name != "colour.png"] == []
